package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestEveryEntryHasAnEnglishSentence(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 14, 5, 0, time.FixedZone("", 3600))
	schedule := Why{Kind: WhySchedule, Schedule: "Primary"}
	tests := []struct {
		entry Entry
		want  string
	}{
		{Entry{Kind: EntryCalled, Step: 2, Loop: 3, Person: "Ada", Why: schedule}, "Step 2 of round 3: Ada, on call by schedule Primary"},
		{Entry{Kind: EntryCalled, Person: "Ada", Why: Why{Kind: WhyFallback}}, "Fallback list: Ada, on the fallback list"},
		{Entry{Kind: EntrySkipped, Step: 1, Loop: 1}, "Step 1 of round 1: skipped, nobody is on call or within reach"},
		{Entry{Kind: EntrySkipped}, "Fallback list: skipped, nobody is on call or within reach"},
		{
			Entry{Kind: EntryAccepted, Person: "Ada", Channel: ChannelWebhook, Answer: Answer{Kind: AnswerProvider, Said: "200 OK"}},
			"Ada: webhook accepted it (200 OK)",
		},
		{
			Entry{Kind: EntryFailed, Person: "Ada", Channel: ChannelWebhook, Answer: Answer{Kind: AnswerProvider, Said: "500 no"}, NextContact: true},
			"Ada: webhook failed (500 no), trying the next contact",
		},
		{
			Entry{Kind: EntryFailed, Person: "Ada", Channel: ChannelEmail, Answer: Answer{Kind: AnswerProvider, Said: "550 no"}},
			"Ada: email failed (550 no), and there is no other contact",
		},
		{
			Entry{Kind: EntryUnsent, Person: "Ada", Channel: ChannelEmail, After: 2 * time.Second, NextContact: true},
			"Ada: email not delivered within 2s, trying the next contact",
		},
		{
			Entry{Kind: EntryUndelivered, Person: "Ada", Channel: ChannelSMS, Answer: Answer{Kind: AnswerProvider, Said: "undelivered 30005"}, NextContact: true},
			"Ada: sms did not arrive (undelivered 30005), trying the next contact",
		},
		{Entry{Kind: EntryBegunAgain, Person: "triage"}, "Nobody had acknowledged and no step was left: triage has paging begin again"},
		{
			Entry{Kind: EntryBegunAgain, Person: "Ada", Reason: "they call"},
			"Nobody had acknowledged and no step was left: Ada has paging begin again: they call",
		},
		{
			Entry{Kind: EntryAcceptedTogether, Person: "Ada", Channel: ChannelWebhook, Answer: Answer{Kind: AnswerProvider, Said: "200 OK"}, Count: 37},
			"Ada: webhook accepted it in one message about 37 pages (200 OK)",
		},
		{
			Entry{Kind: EntryFolded, Count: 3, Until: at},
			"Urgent 3 times within 10 minutes, and people were called: they are called again if it lasts until 01:14:05 UTC",
		},
		{Entry{Kind: EntryDrillBegun, Person: "Ada"}, "A drill, by Ada: there is no incident"},
		{Entry{Kind: EntryDrillBegun}, "A drill: there is no incident"},
		{Entry{Kind: EntryDrillOver}, "The drill is over"},
		{Entry{Kind: EntryExhausted}, "Exhausted: nobody acknowledged; the supervisors are told"},
		{
			Entry{Kind: EntryCalled, Step: 1, Loop: 2, Person: "Ada", Why: Why{Kind: WhyNamed}, Channel: ChannelEmail},
			"Step 1 of round 2: Ada, named by the escalation policy; by email now, as their rules say",
		},
		{Entry{Kind: EntryUnheard}, "Exhausted: nobody acknowledged, and no supervisor is within reach"},
		{Entry{Kind: EntryEscalated, Person: "Ada"}, "Ada escalated"},
		{Entry{Kind: EntryAcknowledged, Person: "Ada"}, "Ada acknowledged"},
		{
			Entry{Kind: EntryReopened, Person: "Ada", AcknowledgedAt: at},
			"Acknowledged by Ada at 01:14:05 UTC, and nothing since: paging again",
		},
		{Entry{Kind: EntryPagedAgain, Title: "[Urgent] shop: down"}, "Paged again while open: [Urgent] shop: down"},
		{
			Entry{Kind: EntrySuppressed, Event: 7, EndedBy: 9},
			"Nobody was paged: event 7 of the ticket made it urgent, and its event 9 had ended that already",
		},
		{Entry{Kind: EntrySolved, Person: "Ada"}, "The incident is over: the ticket is solved, by Ada"},
		{Entry{Kind: EntryNotUrgent}, "The incident is over: the ticket is not urgent any more"},
		{Entry{Kind: EntryUrgentAgain, Event: 12}, "The incident is over: the ticket became urgent again by its event 12"},
		{Entry{Kind: EntryUnacknowledged, Person: "Ada", Reason: "not my system"}, "Ada took the acknowledgement back, paging again: not my system"},
		{Entry{Kind: EntrySnoozed, Person: "Ada", Until: at}, "Ada snoozed it until 2026-11-24 01:14 UTC"},
		{Entry{Kind: EntrySnoozeEnded, Person: "Ada"}, "The snooze is over and the incident is not, which Ada had acknowledged: paging again"},
		{Entry{Kind: EntryTakenOver}, "The emergency mailbox has paged about it; notification goes on from there"},
		{Entry{Kind: EntryMergedInto, Ticket: 8, Person: "Cem"}, "The ticket was merged into #8, by Cem"},
		{Entry{Kind: EntryMergedFrom, Ticket: 7}, "#7 was merged into the ticket: its page goes on instead"},
		{Entry{Kind: EntryPagesSent}, "The incident is over: pages are sent again"},
	}
	seen := map[EntryKind]bool{}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			require.Equal(t, tt.want, tt.entry.Text())
		})
		seen[tt.entry.Kind] = true
	}
	require.Len(t, seen, int(EntrySnoozeEnded)+int(EntryDrillOver-EntryAcceptedTogether)+1+int(EntryMergedFrom-EntryMergedInto)+1+int(EntryUndelivered-EntryBegunAgain)+1, "the table has every kind")
}

func TestEveryWhyHasAnEnglishSentence(t *testing.T) {
	tests := []struct {
		why  Why
		want string
	}{
		{Why{Kind: WhySchedule, Schedule: "Primary"}, "on call by schedule Primary"},
		{Why{Kind: WhyOverride, Schedule: "Primary"}, "on call by schedule Primary (override)"},
		{Why{Kind: WhyNamed}, "named by the escalation policy"},
		{Why{Kind: WhyFallback}, "on the fallback list"},
		{Why{Kind: WhySupervisor}, "supervisor: nobody acknowledged"},
	}
	for i, tt := range tests {
		t.Run(tt.want, func(t *testing.T) {
			require.Equal(t, WhyKind(i+1), tt.why.Kind)
			require.Equal(t, tt.want, tt.why.Text())
		})
	}
	require.Len(t, tests, int(WhySupervisor), "the table has every kind")
}
