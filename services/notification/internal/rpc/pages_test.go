package rpc

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

func TestTheHistoryCrossesTheContract(t *testing.T) {
	at := time.Date(2026, 11, 24, 2, 14, 5, 0, time.UTC)
	got := logEntry(store.LogEntry{At: at, Entry: domain.Entry{
		Kind: domain.EntryUnsent, Person: "Ada", Channel: domain.ChannelEmail, NextContact: true, Step: 2, Loop: 3,
		Answer: domain.Answer{Kind: domain.AnswerWaiting, Said: "250 ok", After: 3 * time.Second},
		Why:    domain.Why{Kind: domain.WhyOverride, Schedule: "Primary"},
		After:  2 * time.Second, AcknowledgedAt: at.Add(-time.Minute), Title: "[Urgent] down", Event: 7, EndedBy: 9,
	}})
	want := &notificationv1.PageLogEntry{
		CreateTime: timestamppb.New(at), Text: "Ada: email not delivered within 2s, trying the next contact",
		Kind: notificationv1.PageLogEntry_KIND_UNSENT, Person: "Ada", Channel: "email", NextContact: true, Step: 2, Loop: 3,
		Answer: &notificationv1.DeliveryAnswer{
			Kind: notificationv1.DeliveryAnswer_KIND_WAITING, Text: "no answer within 3s, still waiting for it", Said: "250 ok",
			After: durationpb.New(3 * time.Second),
		},
		Why:   &notificationv1.PageReason{Kind: notificationv1.PageReason_KIND_OVERRIDE, Schedule: "Primary"},
		After: durationpb.New(2 * time.Second), AcknowledgeTime: timestamppb.New(at.Add(-time.Minute)), Title: "[Urgent] down", Event: 7, EndedBy: 9,
	}
	require.True(t, proto.Equal(want, got), "%v", got)
	require.True(t, proto.Equal(
		&notificationv1.PageLogEntry{Kind: notificationv1.PageLogEntry_KIND_SOLVED, Text: "The incident is over: the ticket is solved"},
		logEntry(store.LogEntry{Entry: domain.Entry{Kind: domain.EntrySolved}}),
	), "what an entry does not have is unset")
}

func TestKindsHaveTheNumbersOfTheContract(t *testing.T) {
	entries := map[domain.EntryKind]notificationv1.PageLogEntry_Kind{
		domain.EntryCalled:         notificationv1.PageLogEntry_KIND_CALLED,
		domain.EntrySkipped:        notificationv1.PageLogEntry_KIND_SKIPPED,
		domain.EntryAccepted:       notificationv1.PageLogEntry_KIND_ACCEPTED,
		domain.EntryFailed:         notificationv1.PageLogEntry_KIND_FAILED,
		domain.EntryUnsent:         notificationv1.PageLogEntry_KIND_UNSENT,
		domain.EntryExhausted:      notificationv1.PageLogEntry_KIND_EXHAUSTED,
		domain.EntryUnheard:        notificationv1.PageLogEntry_KIND_UNHEARD,
		domain.EntryEscalated:      notificationv1.PageLogEntry_KIND_ESCALATED,
		domain.EntryAcknowledged:   notificationv1.PageLogEntry_KIND_ACKNOWLEDGED,
		domain.EntryReopened:       notificationv1.PageLogEntry_KIND_REOPENED,
		domain.EntryPagedAgain:     notificationv1.PageLogEntry_KIND_PAGED_AGAIN,
		domain.EntrySuppressed:     notificationv1.PageLogEntry_KIND_SUPPRESSED,
		domain.EntrySolved:         notificationv1.PageLogEntry_KIND_SOLVED,
		domain.EntryNotUrgent:      notificationv1.PageLogEntry_KIND_NOT_URGENT,
		domain.EntryUrgentAgain:    notificationv1.PageLogEntry_KIND_URGENT_AGAIN,
		domain.EntryPagesSent:      notificationv1.PageLogEntry_KIND_PAGES_SENT,
		domain.EntryTakenOver:      notificationv1.PageLogEntry_KIND_TAKEN_OVER,
		domain.EntryUnacknowledged: notificationv1.PageLogEntry_KIND_UNACKNOWLEDGED,
		domain.EntrySnoozed:        notificationv1.PageLogEntry_KIND_SNOOZED,
		domain.EntrySnoozeEnded:    notificationv1.PageLogEntry_KIND_SNOOZE_ENDED,

		domain.EntryAcceptedTogether: notificationv1.PageLogEntry_KIND_ACCEPTED_TOGETHER,
		domain.EntryFolded:           notificationv1.PageLogEntry_KIND_FOLDED,
		domain.EntryDrillBegun:       notificationv1.PageLogEntry_KIND_DRILL_BEGUN,
		domain.EntryDrillOver:        notificationv1.PageLogEntry_KIND_DRILL_OVER,
		domain.EntryMergedInto:       notificationv1.PageLogEntry_KIND_MERGED_INTO,
		domain.EntryMergedFrom:       notificationv1.PageLogEntry_KIND_MERGED_FROM,
		domain.EntryBegunAgain:       notificationv1.PageLogEntry_KIND_BEGUN_AGAIN,
		domain.EntryUndelivered:      notificationv1.PageLogEntry_KIND_UNDELIVERED,
	}
	for ours, theirs := range entries {
		require.EqualValues(t, theirs, ours, theirs)
	}
	require.Len(t, entries, len(notificationv1.PageLogEntry_Kind_name)-1, "all but the unspecified one")

	reasons := map[domain.WhyKind]notificationv1.PageReason_Kind{
		domain.WhySchedule:   notificationv1.PageReason_KIND_SCHEDULE,
		domain.WhyOverride:   notificationv1.PageReason_KIND_OVERRIDE,
		domain.WhyNamed:      notificationv1.PageReason_KIND_NAMED,
		domain.WhyFallback:   notificationv1.PageReason_KIND_FALLBACK,
		domain.WhySupervisor: notificationv1.PageReason_KIND_SUPERVISOR,
	}
	for ours, theirs := range reasons {
		require.EqualValues(t, theirs, ours, theirs)
	}
	require.Len(t, reasons, len(notificationv1.PageReason_Kind_name)-1, "all but the unspecified one")

	answers := map[domain.AnswerKind]notificationv1.DeliveryAnswer_Kind{
		domain.AnswerProvider:       notificationv1.DeliveryAnswer_KIND_PROVIDER,
		domain.AnswerLate:           notificationv1.DeliveryAnswer_KIND_LATE,
		domain.AnswerWaiting:        notificationv1.DeliveryAnswer_KIND_WAITING,
		domain.AnswerForbidden:      notificationv1.DeliveryAnswer_KIND_FORBIDDEN,
		domain.AnswerContactDeleted: notificationv1.DeliveryAnswer_KIND_CONTACT_DELETED,
		domain.AnswerNoNotice:       notificationv1.DeliveryAnswer_KIND_NO_NOTICE,
		domain.AnswerNoMail:         notificationv1.DeliveryAnswer_KIND_NO_MAIL,
		domain.AnswerGivenUp:        notificationv1.DeliveryAnswer_KIND_GIVEN_UP,
		domain.AnswerTicketSpam:     notificationv1.DeliveryAnswer_KIND_TICKET_SPAM,
		domain.AnswerTicketDeleted:  notificationv1.DeliveryAnswer_KIND_TICKET_DELETED,
		domain.AnswerBounced:        notificationv1.DeliveryAnswer_KIND_BOUNCED,
		domain.AnswerSuppressed:     notificationv1.DeliveryAnswer_KIND_SUPPRESSED,
	}
	for ours, theirs := range answers {
		require.EqualValues(t, theirs, ours, theirs)
	}
	require.Len(t, answers, len(notificationv1.DeliveryAnswer_Kind_name)-1, "all but the unspecified one")
}
