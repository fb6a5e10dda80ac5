package notification_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// feed makes a feed of a person's and returns it with its token.
func (w *world) feed(p *eventv1.DirectoryPerson, schedule string) (f *notificationv1.CalendarFeed, token string) {
	w.t.Helper()
	f, err := w.feeds.CreateCalendarFeed(w.as(p), &notificationv1.CreateCalendarFeedRequest{Schedule: schedule})
	require.NoError(w.t, err)
	found := regexp.MustCompile(`^https://desk\.test/calendars/([A-Z2-7]{26,})\.ics$`).FindStringSubmatch(f.GetUrl())
	require.Len(w.t, found, 2, f.GetUrl())
	return f, found[1]
}

// calendar reads a feed as the gateway does, without anybody's token. The link is all the right: the gateway has none that
// others do not have.
func (w *world) calendar(token string) (string, error) {
	req := &notificationv1.ReadCalendarRequest{Token: token}
	res, err := w.feeds.ReadCalendar(w.t.Context(), req)
	other, same := notificationv1.NewCalendarServiceClient(w.server.InProcess("triage")).ReadCalendar(w.t.Context(), req)
	require.Equal(w.t, fault.ReasonOf(err), fault.ReasonOf(same))
	require.Equal(w.t, field(res.GetText(), "UID"), field(other.GetText(), "UID"))
	return res.GetText(), err
}

// field returns the values of a field in a calendar.
func field(calendar, name string) (values []string) {
	for line := range strings.SplitSeq(strings.ReplaceAll(calendar, "\r\n ", ""), "\r\n") {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			values = append(values, value)
		}
	}
	return values
}

func (w *world) turns(id, name string, people ...string) {
	w.t.Helper()
	_, err := w.onCall.UpdateSchedule(w.as(eve), &notificationv1.UpdateScheduleRequest{AllowMissing: true, Schedule: &notificationv1.Schedule{
		Id: id, Name: name, TimeZone: "Europe/Berlin",
		Layers: []*notificationv1.Layer{{Unit: notificationv1.Layer_UNIT_WEEK, Length: 1, Start: "2026-03-02T09:00", People: people}},
	}})
	require.NoError(w.t, err)
}

func TestAFeedShowsWhoIsOnCallForNinetyDays(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.turns("primary", "Primary, EU", ada.GetId(), ben.GetId())
		w.turns("always", "Always", ben.GetId())
		_, token := w.feed(cem, "primary")
		text, err := w.calendar(token)
		require.NoError(t, err)
		require.Equal(t, []string{`On call: Primary\, EU`}, field(text, "X-WR-CALNAME"))
		people, starts, ends, ids := field(text, "SUMMARY"), field(text, "DTSTART"), field(text, "DTEND"), field(text, "UID")
		require.GreaterOrEqual(t, len(people), 12, "a turn a week")
		require.LessOrEqual(t, len(people), 15)
		now := time.Now().UTC().Format("20060102T150405Z")
		require.LessOrEqual(t, starts[0], now)
		require.Greater(t, ends[0], now)
		require.Greater(t, ends[len(ends)-1], time.Now().Add(88*24*time.Hour).UTC().Format("20060102T150405Z"))
		for i := range people {
			require.Contains(t, []string{"Ada Park", "Ben Ito"}, people[i])
			if i > 0 {
				require.Equal(t, ends[i-1], starts[i])
				require.NotEqual(t, people[i-1], people[i])
			}
		}
		require.NotContains(t, text, "@altis.test", "no addresses")
		require.NotContains(t, text, ada.GetId())

		again, err := w.calendar(token)
		require.NoError(t, err)
		require.Equal(t, ids, field(again, "UID"), "the same events")

		// One's own: on every schedule, and of nobody else.
		_, own := w.feed(ben, "")
		text, err = w.calendar(own)
		require.NoError(t, err)
		require.Equal(t, []string{"On call: Ben Ito"}, field(text, "X-WR-CALNAME"))
		require.Contains(t, field(text, "SUMMARY"), `On call: Primary\, EU`)
		require.Contains(t, field(text, "SUMMARY"), "On call: Always")
		require.Len(t, field(text, "SUMMARY"), 1+strings.Count(strings.Join(people, " "), "Ben Ito"), "without a break it is one event")
	})
}

func TestOnlyTheNewestLinkOfAFeedWorksUntilItIsRevoked(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.turns("primary", "Primary", ada.GetId())
		unknown := func(token string) {
			_, err := w.calendar(token)
			require.ErrorIs(t, err, fault.NotFound)
		}
		unknown("AAAAAAAAAAAAAAAAAAAAAAAAAA")
		_, err := w.feeds.CreateCalendarFeed(w.as(ada), &notificationv1.CreateCalendarFeedRequest{Schedule: "none"})
		require.ErrorIs(t, err, fault.NotFound)

		_, first := w.feed(ada, "primary")
		_, own := w.feed(ada, "")
		f, second := w.feed(ada, "primary")
		unknown(first)
		for _, token := range []string{second, own} {
			_, err := w.calendar(token)
			require.NoError(t, err)
			require.Zero(t, w.count(`SELECT COUNT(*) FROM calendar_feeds WHERE token_hash = '`+token+`'`), "only its hash is kept")
		}
		list, err := w.feeds.ListCalendarFeeds(w.as(ada), &notificationv1.ListCalendarFeedsRequest{})
		require.NoError(t, err)
		require.Len(t, list.GetCalendarFeeds(), 2)
		require.Empty(t, list.GetCalendarFeeds()[1].GetUrl(), "it is shown once")
		front, err := w.feeds.ListCalendarFeeds(w.as(ada), &notificationv1.ListCalendarFeedsRequest{PageSize: 1})
		require.NoError(t, err)
		require.Len(t, front.GetCalendarFeeds(), 1)
		require.Empty(t, front.GetCalendarFeeds()[0].GetSchedule(), "of ada's own duties")
		rest, err := w.feeds.ListCalendarFeeds(w.as(ada), &notificationv1.ListCalendarFeedsRequest{PageSize: 1, PageToken: front.GetNextPageToken()})
		require.NoError(t, err)
		require.Equal(t, "primary", rest.GetCalendarFeeds()[0].GetSchedule())
		require.Empty(t, rest.GetNextPageToken())
		list, err = w.feeds.ListCalendarFeeds(w.as(ben), &notificationv1.ListCalendarFeedsRequest{})
		require.NoError(t, err)
		require.Empty(t, list.GetCalendarFeeds())

		_, err = w.feeds.DeleteCalendarFeed(w.as(ben), &notificationv1.DeleteCalendarFeedRequest{CalendarFeed: f.GetId()})
		require.ErrorIs(t, err, fault.NotFound, "of others")
		_, err = w.feeds.DeleteCalendarFeed(w.as(eve), &notificationv1.DeleteCalendarFeedRequest{CalendarFeed: f.GetId()})
		require.NoError(t, err)
		unknown(second)

		// Who is not staff any more reads nothing.
		gone := &eventv1.DirectoryPerson{Id: ada.GetId(), Name: ada.GetName(), Email: ada.GetEmail(), Staff: true, Role: "engineer", Disabled: true}
		w.change(gone)
		unknown(own)
	})
}

// lastRead returns when the only feed of a person was read.
func (w *world) lastRead(p *eventv1.DirectoryPerson) *timestamppb.Timestamp {
	w.t.Helper()
	list, err := w.feeds.ListCalendarFeeds(w.as(p), &notificationv1.ListCalendarFeedsRequest{})
	require.NoError(w.t, err)
	require.Len(w.t, list.GetCalendarFeeds(), 1)
	return list.GetCalendarFeeds()[0].GetLastReadTime()
}

// TestItIsKnownToTheHourWhenAFeedWasRead: its owner can tell a link that has leaked, or that nothing reads any more.
func TestItIsKnownToTheHourWhenAFeedWasRead(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.turns("primary", "Primary", ada.GetId())
		made, token := w.feed(ada, "primary")
		require.Nil(t, made.GetLastReadTime())
		require.Nil(t, w.lastRead(ada))
		read := func() {
			_, err := w.calendar(token)
			require.NoError(t, err)
		}
		noted := func() {
			testkit.Eventually(t, func() bool {
				at := w.lastRead(ada)
				return at != nil && time.Since(at.AsTime()) < time.Minute
			}, "not noted")
		}
		read()
		noted()

		// Not again within the hour: whatever was noted before this second reading would have been written by then.
		w.exec(`UPDATE calendar_feeds SET read_at = altis_now() - 3540000000`)
		before := w.lastRead(ada).AsTime()
		read()
		other, token2 := w.feed(ben, "")
		_, err := w.calendar(token2)
		require.NoError(t, err)
		testkit.Eventually(t, func() bool { return w.lastRead(ben) != nil }, "not noted")
		require.Equal(t, before, w.lastRead(ada).AsTime())
		require.NotEqual(t, made.GetId(), other.GetId())

		w.exec(`UPDATE calendar_feeds SET read_at = altis_now() - 3600000000`)
		read()
		noted()
		_, _ = w.feed(ada, "primary")
		require.Nil(t, w.lastRead(ada), "it is another link")
	})
}

func TestTheScheduleOfAFeedIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.turns("primary", "Primary", ada.GetId())
		_, token := w.feed(cem, "primary")
		_, err := w.onCall.DeleteSchedule(w.as(eve), &notificationv1.DeleteScheduleRequest{Schedule: "primary"})
		require.NoError(t, err)
		text, err := w.calendar(token)
		require.NoError(t, err)
		require.Empty(t, field(text, "UID"))
	})
}
