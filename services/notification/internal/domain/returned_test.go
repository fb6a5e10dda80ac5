package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestWhoHearsThatMailsDoNotReachSomebody(t *testing.T) {
	all := domain.NoticePreferences{NewTicket: domain.NoticeMail, ReplyMine: domain.NoticeMail, ReplyTeam: domain.NoticeMail, DigestHours: []int{8}}
	none := domain.NoticePreferences{NewTicket: domain.NoticeNone, ReplyMine: domain.NoticeNone, ReplyTeam: domain.NoticeNone, DigestHours: []int{8}}
	staff := desk{colleague("ada", all), colleague("ben", none), colleague("cem", all)}
	for _, test := range []struct {
		name, address string
		assignee      string
		over          bool
		mailed        []string
	}{
		{name: "the team", address: "mia@shop.test", mailed: []string{"ada", "cem"}},
		{name: "the assignee", address: "mia@shop.test", assignee: "ada", mailed: []string{"ada"}},
		{name: "of a solution that nobody reads, too", address: "mia@shop.test", assignee: "ada", over: true, mailed: []string{"ada"}},
		{name: "not who wants none", address: "mia@shop.test", assignee: "ben", mailed: []string{}},
		{name: "the team of somebody who has left", address: "mia@shop.test", assignee: "out", mailed: []string{"ada", "cem"}},
		{name: "not at the address that is not reached", address: "Ada@altis.test", mailed: []string{"cem"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := domain.TicketChange{Number: 7, Team: "support", Assignee: domain.Person{ID: test.assignee}, Over: test.over, Subject: "slow"}
			d := domain.MailDelivery{
				Ticket: 7, Recipient: domain.Recipient{Person: domain.Person{Email: test.address}, Reason: "cc"},
				LastAnswer: domain.Answer{Kind: domain.AnswerBounced, Said: "gone"},
			}
			now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
			n, mail, err := domain.TellReturned(t.Context(), staff, c, d, now)
			require.NoError(t, err)
			require.Equal(t, test.mailed, n.Mailed)
			var to []string
			for _, r := range mail.Recipients {
				to = append(to, r.Person.ID)
				require.True(t, r.ToStaff(), "what comes back of it is told to nobody")
			}
			require.ElementsMatch(t, test.mailed, to)
			require.Equal(t, domain.Returning{Address: test.address, Answer: d.LastAnswer}, *mail.Content.Returned)

			d.LastAnswer = domain.Answer{Kind: domain.AnswerSuppressed}
			again, other, err := domain.TellReturned(t.Context(), staff, c, d, now.Add(time.Hour))
			require.NoError(t, err)
			require.Equal(t, n.ID, again.ID, "once for the ticket and the address")
			require.NotEqual(t, mail.Content.ID, other.Content.ID)
			c.Number = 8
			again, _, err = domain.TellReturned(t.Context(), staff, c, d, now)
			require.NoError(t, err)
			require.NotEqual(t, n.ID, again.ID)
		})
	}
}
