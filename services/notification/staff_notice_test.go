package notification_test

import (
	"encoding/base64"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// withStaff runs the test with a world in which Cem and Eve are the team "support", and Cem speaks German.
func withStaff(t *testing.T, test func(t *testing.T, w *world, smtp *testkit.Sink)) {
	t.Helper()
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{
			SMTPAddr: smtp.Addr, NoReceipts: true, MailRetry: 50 * time.Millisecond,
			ReplyDomain: "reply.desk.test", ReplyKeys: []string{"1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))},
		})
		w.identity.person(&eventv1.DirectoryPerson{
			Id: cem.GetId(), Name: cem.GetName(), Email: cem.GetEmail(), Staff: true, Role: "agent", Locale: "de-DE", Teams: []string{"support"},
		})
		w.identity.person(&eventv1.DirectoryPerson{
			Id: eve.GetId(), Name: eve.GetName(), Email: eve.GetEmail(), Staff: true, Role: "supervisor", TimeZone: "Europe/Berlin", Teams: []string{"cloud", "support"},
		})
		testkit.Eventually(t, func() bool {
			return w.count(`SELECT COUNT(*) FROM directory_people WHERE teams LIKE '%"support"]'`) == 2
		}, "the teams are not known")
		test(t, w, smtp)
	}, notification.Migrations()...)
}

func (w *world) prefer(p *eventv1.DirectoryPerson, preferences *notificationv1.NoticePreferences, paths ...string) *notificationv1.NoticePreferences {
	w.t.Helper()
	after, err := w.notices.UpdateNoticePreferences(w.as(p), &notificationv1.UpdateNoticePreferencesRequest{
		NoticePreferences: preferences, UpdateMask: &fieldmaskpb.FieldMask{Paths: paths},
	})
	require.NoError(w.t, err)
	return after
}

// news returns what the dashboard tells somebody about mails.
func (w *world) news(p *eventv1.DirectoryPerson) []*notificationv1.Notice {
	w.t.Helper()
	res, err := w.notices.ListNotices(w.as(p), &notificationv1.ListNoticesRequest{
		Kinds: []notificationv1.Notice_Kind{notificationv1.Notice_KIND_MAIL_RETURNED, notificationv1.Notice_KIND_MAIL_HELD},
	})
	require.NoError(w.t, err)
	return res.GetNotices()
}

// triaged tells of the team that triage chose.
func triaged(s *eventv1.TicketSnapshot, team string) *eventv1.TicketEvent {
	s.Team = team
	return &eventv1.TicketEvent{Ticket: s, ActorService: "triage", Change: &eventv1.TicketEvent_AssigneeChanged{AssigneeChanged: &eventv1.TicketAssigneeChanged{}}}
}

func TestANewTicketIsMailedToItsTeam(t *testing.T) {
	withStaff(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		for _, p := range []*eventv1.DirectoryPerson{cem, eve, ada} { // Ada is in no team
			w.prefer(p, &notificationv1.NoticePreferences{NewTicket: notificationv1.NoticePreferences_CHANNEL_MAIL}, "new_ticket")
		}
		s := question(7)
		s.Ccs, s.Excerpt = nil, "How *big* is it?"
		w.deliver(1, created(s))
		w.deliver(2, triaged(s, "support"))
		got := received(t, smtp, 2)
		german, english := got[0], got[1]
		require.Equal(t, cem.GetEmail(), german.To[0])
		require.Contains(t, german.Parse(t).Text, "Das Team support hat ein neues Ticket.")
		require.Equal(t, eve.GetEmail(), english.To[0])
		text, html := english.Parse(t).Text, english.Parse(t).HTML
		require.Contains(t, text, "A ticket is new to the team support.")
		require.Contains(t, text, "How *big* is it?")
		require.Contains(t, html, "How <em>big</em> is it?")
		require.Contains(t, text, "https://desk.test/tickets/7")
		require.Contains(t, text, "Customer: Shop GmbH")
		require.Contains(t, text, "because of its team, support; your notice preferences say so")
		require.NotContains(t, text, "emergency@desk.test", "that is for customers")
		require.Equal(t, "auto-generated", header(t, english, "Auto-Submitted"))
		require.Equal(t, "[#7] Größe of the cache?", header(t, english, "Subject"))
		require.Contains(t, address(t, english, "Reply-To"), "@reply.desk.test")
		require.NotEqual(t, address(t, german, "Reply-To"), address(t, english, "Reply-To"))
		ledger := w.ledger(7)
		require.Len(t, ledger, 2)
		require.Equal(t, "team", ledger[0].GetReason())
		require.True(t, ledger[0].GetRecipient().GetStaff())

		// Told again, or of a team that it had before, it is nothing new; nor is what pages, or what a colleague opened to themselves.
		require.Equal(t, eventv1.Outcome_VERDICT_DUPLICATE, w.deliver(2, triaged(s, "support")))
		urgent := snapshot(8)
		urgent.Ccs = nil
		w.deliver(1, triaged(urgent, "support"))
		own := question(9)
		own.Ccs = nil
		opened := created(own)
		opened.Actor = &ticketv1.Person{Id: eve.GetId(), Staff: true}
		opened.GetCreated().GetMessage().Author = &ticketv1.Person{Id: eve.GetId(), Name: "Eve Lund", Email: eve.GetEmail(), Staff: true}
		w.deliver(1, opened)
		w.deliver(2, triaged(own, "support"))
		got = received(t, smtp, 4)
		require.Equal(t, cem.GetEmail(), got[1].To[0])
		require.Contains(t, header(t, got[1], "Subject"), "[#9]")
		require.Equal(t, mia.GetEmail(), got[3].To[0], "whom it was opened for")
	})
}

func TestAnAnswerIsMailedToTheAssignee(t *testing.T) {
	withStaff(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		s := question(7)
		s.Ccs, s.Team, s.Assignee = nil, "support", &ticketv1.Person{Id: cem.GetId(), Name: "Cem Aksoy", Email: cem.GetEmail(), Staff: true}
		w.deliver(1, replied(s, "m1", s.GetRequester(), "It is *still* slow."))
		m := received(t, smtp, 1)[0]
		require.Equal(t, cem.GetEmail(), m.To[0])
		require.Contains(t, m.Parse(t).Text, "Mia Sol hat auf Ihr Ticket geantwortet.")
		require.Contains(t, m.Parse(t).HTML, "It is <em>still</em> slow.")
		require.Contains(t, m.Parse(t).Text, "Was Sie auf diese Mail antworten, geht an den Kunden.")

		// In the thread of the ticket; not when a colleague answers, not when it is not wanted, not to a suppressed address.
		w.deliver(2, replied(s, "m2", s.GetRequester(), "Hello?"))
		second := received(t, smtp, 2)[1]
		require.Equal(t, header(t, m, "Message-Id"), header(t, second, "In-Reply-To"))
		w.deliver(3, replied(s, "m3", adaOnTicket, "We are looking."))
		require.Equal(t, mia.GetEmail(), received(t, smtp, 3)[2].To[0])
		w.prefer(cem, &notificationv1.NoticePreferences{ReplyMine: notificationv1.NoticePreferences_CHANNEL_NONE}, "reply_mine")
		w.deliver(4, replied(s, "m4", s.GetRequester(), "Thanks."))
		w.prefer(cem, &notificationv1.NoticePreferences{ReplyMine: notificationv1.NoticePreferences_CHANNEL_MAIL}, "reply_mine")
		smtp.Refuse(cem.GetEmail(), 550)
		w.deliver(5, replied(s, "m5", s.GetRequester(), "And now?"))
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM suppressions`) == 1 }, "the address is gone")
		smtp.Refuse(cem.GetEmail(), 0)
		w.deliver(6, replied(s, "m6", s.GetRequester(), "Anybody?"))
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM mail_deliveries WHERE state = 'suppressed'`) == 1 }, "it gets no mail")
		received(t, smtp, 3)
	})
}

func TestADigestGathersWhatHappened(t *testing.T) {
	withStaff(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM digests`) == 4 }, "each of the staff has digests")
		digest := func() {
			t.Helper()
			// As if it were a minute later, and the hour.
			w.exec(`UPDATE notices SET created_at = created_at - 60000000`)
			w.exec(`UPDATE digests SET gathered_at = gathered_at - 60000000`)
			generations := w.count(`SELECT SUM(generation) FROM digests`)
			w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'notice.digest'`)
			testkit.Eventually(t, func() bool { return w.count(`SELECT SUM(generation) FROM digests`) == generations+4 }, "digests are not made")
			testkit.Eventually(t, func() bool {
				return w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'notice.digest' AND run_at > altis_now()`) == 4 &&
					w.count(`SELECT COUNT(*) FROM tasks WHERE kind = 'notice.digest'`) == 4
			}, "and made again")
		}
		digest() // nothing has happened: nothing is sent
		require.Zero(t, w.count(`SELECT COUNT(*) FROM mail_deliveries`))

		alone := func(number int64) *eventv1.TicketSnapshot {
			s := question(number)
			s.Ccs = nil
			return s
		}
		for number, team := range map[int64]string{7: "support", 8: "support", 9: "cloud"} {
			w.deliver(1, created(alone(number)))
			w.deliver(2, triaged(alone(number), team))
		}
		open, spam := alone(7), alone(8)
		open.Team, spam.Team = "support", "support"
		w.deliver(3, replied(open, "m2", open.GetRequester(), "Hello?"))
		w.deliver(3, &eventv1.TicketEvent{Ticket: spam, Actor: adaOnTicket, Change: &eventv1.TicketEvent_Hidden{Hidden: &eventv1.TicketHidden{}}})
		w.prefer(cem, &notificationv1.NoticePreferences{DigestHours: []int32{17, 8}}, "digest_hours")
		digest()
		got := received(t, smtp, 2)
		german, english := got[0], got[1]
		require.Equal(t, cem.GetEmail(), german.To[0])
		require.Equal(t, "Neue Tickets: 1, Antworten: 1", header(t, german, "Subject"))
		require.Equal(t, eve.GetEmail(), english.To[0])
		require.Equal(t, "New tickets: 2, answers: 1", header(t, english, "Subject"), "she is in both teams")
		text := english.Parse(t).Text
		require.Contains(t, text, "- #7 Größe of the cache? (Shop GmbH), Team support\r\n  https://desk.test/tickets/7")
		require.Contains(t, text, "- #9 Größe of the cache? (Shop GmbH), Team cloud")
		require.Contains(t, text, "- #7 Größe of the cache? (Shop GmbH), from Mia Sol, Team support")
		require.NotContains(t, text, "#8", "it was spam")
		require.Contains(t, english.Parse(t).HTML, `<a href="https://desk.test/tickets/9">#9`)
		require.Empty(t, header(t, english, "Reply-To"), "it is of no ticket")
		require.Equal(t, "auto-generated", header(t, english, "Auto-Submitted"))

		digest() // all of it was told
		require.Len(t, smtp.Messages(), 2)

		// A purged ticket is in no digest, not even in one that is sent again.
		w.deliver(4, &eventv1.TicketEvent{Ticket: open, Change: &eventv1.TicketEvent_Purged{Purged: &eventv1.TicketPurged{}}})
		var id string
		require.NoError(t, w.db.Reader().QueryRowContext(t.Context(), `SELECT id FROM mail_deliveries WHERE address = $1`, cem.GetEmail()).Scan(&id))
		_, err := w.mails.ResendDelivery(w.as(eve), &notificationv1.ResendDeliveryRequest{Delivery: id})
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM mail_deliveries WHERE state = 'refused'`) == 1 }, "nothing is left to tell")

		// Who leaves gets no digest any more.
		w.identity.person(&eventv1.DirectoryPerson{Id: eve.GetId(), Name: eve.GetName(), Email: eve.GetEmail(), Staff: true, Role: "supervisor", Disabled: true})
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM directory_people WHERE disabled = 1`) == 1 }, "she has left")
		w.exec(`UPDATE tasks SET run_at = altis_now() WHERE kind = 'notice.digest'`)
		testkit.Eventually(t, func() bool { return w.count(`SELECT COUNT(*) FROM digests`) == 3 }, "hers ends")
		require.Len(t, smtp.Messages(), 2)
	})
}

func TestPreferencesAreOnesOwn(t *testing.T) {
	withStaff(t, func(t *testing.T, w *world, _ *testkit.Sink) {
		get := func(p *eventv1.DirectoryPerson) *notificationv1.NoticePreferences {
			t.Helper()
			got, err := w.notices.GetNoticePreferences(w.as(p), &notificationv1.GetNoticePreferencesRequest{})
			require.NoError(t, err)
			return got
		}
		defaults := get(cem)
		require.Equal(t, notificationv1.NoticePreferences_CHANNEL_DIGEST, defaults.GetNewTicket())
		require.Equal(t, notificationv1.NoticePreferences_CHANNEL_MAIL, defaults.GetReplyMine())
		require.Equal(t, notificationv1.NoticePreferences_CHANNEL_DIGEST, defaults.GetReplyTeam())
		require.Equal(t, []int32{8}, defaults.GetDigestHours())
		w.prefer(cem, &notificationv1.NoticePreferences{NewTicket: notificationv1.NoticePreferences_CHANNEL_NONE, DigestHours: []int32{17, 8}}, "new_ticket", "digest_hours")
		require.Equal(t, notificationv1.NoticePreferences_CHANNEL_NONE, get(cem).GetNewTicket())
		require.Equal(t, notificationv1.NoticePreferences_CHANNEL_MAIL, get(cem).GetReplyMine(), "as it was")
		require.Equal(t, []int32{8, 17}, get(cem).GetDigestHours())
		require.Equal(t, notificationv1.NoticePreferences_CHANNEL_DIGEST, get(eve).GetNewTicket(), "somebody else's")

		for reason, req := range map[string]*notificationv1.UpdateNoticePreferencesRequest{
			"CHANNEL_UNKNOWN": {NoticePreferences: &notificationv1.NoticePreferences{}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"reply_team"}}},
			"HOUR_INVALID":    {NoticePreferences: &notificationv1.NoticePreferences{DigestHours: []int32{24}}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"digest_hours"}}},
			"FIELD_UNKNOWN":   {NoticePreferences: &notificationv1.NoticePreferences{}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"person"}}},
		} {
			_, err := w.notices.UpdateNoticePreferences(w.as(cem), req)
			require.ErrorIs(t, err, fault.Invalid)
			f, _ := errors.AsType[*fault.Error](err)
			require.Len(t, f.Fields, 1)
			require.Equal(t, reason, f.Fields[0].Reason)
		}
		_, err := w.notices.GetNoticePreferences(w.as(mia), &notificationv1.GetNoticePreferencesRequest{})
		require.ErrorIs(t, err, fault.Denied)
	})
}

func TestNoticesAreListedForWhomTheyConcern(t *testing.T) {
	withStaff(t, func(t *testing.T, w *world, _ *testkit.Sink) {
		for number := range int64(3) {
			s := question(number + 1)
			s.Ccs = nil
			w.deliver(1, created(s))
			w.deliver(2, triaged(s, "cloud"))
		}
		req := &notificationv1.ListNoticesRequest{PageSize: 2}
		first, err := w.notices.ListNotices(w.as(eve), req)
		require.NoError(t, err)
		require.Len(t, first.GetNotices(), 2)
		newest := first.GetNotices()[0]
		require.Equal(t, notificationv1.Notice_KIND_NEW_TICKET, newest.GetKind())
		require.EqualValues(t, 3, newest.GetTicket())
		require.Equal(t, question(3).GetSubject(), newest.GetSubject())
		req.PageToken = first.GetNextPageToken()
		rest, err := w.notices.ListNotices(w.as(eve), req)
		require.NoError(t, err)
		require.Len(t, rest.GetNotices(), 1)
		require.EqualValues(t, 1, rest.GetNotices()[0].GetTicket())
		require.Empty(t, rest.GetNextPageToken())

		_, err = w.notices.ListNotices(w.as(cem), req)
		require.ErrorIs(t, err, fault.Invalid, "somebody else's list")
		req.PageToken = ""
		others, err := w.notices.ListNotices(w.as(cem), req)
		require.NoError(t, err)
		require.Empty(t, others.GetNotices(), "of another team")
		_, err = w.notices.ListNotices(w.as(mia), req)
		require.ErrorIs(t, err, fault.Denied)
	})
}

func TestALateEventTellsNothingOfWhatIsGone(t *testing.T) {
	withStaff(t, func(t *testing.T, w *world, smtp *testkit.Sink) {
		w.prefer(cem, &notificationv1.NoticePreferences{NewTicket: notificationv1.NoticePreferences_CHANNEL_MAIL}, "new_ticket")
		alone := func(number int64) *eventv1.TicketSnapshot {
			s := question(number)
			s.Ccs = nil
			return s
		}
		for number, gone := range map[int64]*eventv1.TicketEvent{
			7: {Change: &eventv1.TicketEvent_Hidden{Hidden: &eventv1.TicketHidden{Deleted: true}}},
			8: {Change: &eventv1.TicketEvent_Purged{Purged: &eventv1.TicketPurged{}}},
		} {
			w.deliver(1, created(alone(number)))
			gone.Ticket = alone(number)
			w.deliver(3, gone)
			w.deliver(2, triaged(alone(number), "support"))
		}
		require.Zero(t, w.count(`SELECT COUNT(*) FROM notices`))
		require.Zero(t, w.count(`SELECT COUNT(*) FROM mail_deliveries`))

		// It is there again: what happens from now on is told.
		w.deliver(4, &eventv1.TicketEvent{Ticket: alone(7), Change: &eventv1.TicketEvent_Restored{Restored: &eventv1.TicketRestored{}}})
		w.deliver(5, triaged(alone(7), "support"))
		require.Equal(t, cem.GetEmail(), received(t, smtp, 1)[0].To[0])
		require.Equal(t, 1, w.count(`SELECT COUNT(*) FROM notices`))
	})
}
