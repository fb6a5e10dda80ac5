package notification_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification"
)

// chats are the channels whose URL is a secret, with what makes it one.
var chats = []struct {
	channel      notificationv1.Contact_Channel
	name, secret string
}{
	{notificationv1.Contact_CHANNEL_TEAMS, "teams", "/workflows/1?sv=1.0&sig=dpdmN1gTZpSgkVmgrEXAMPLE"},
	{notificationv1.Contact_CHANNEL_MATTERMOST, "mattermost", "/hooks/b5qzk7ysyfgy8c1mpxr3hu9woe"},
}

// requireNoSecret fails when something that is told, kept for history or logged has more of a URL than its last characters.
func (w *world) requireNoSecret(secret string) {
	w.t.Helper()
	key := secret[strings.LastIndexAny(secret, "/=")+1:]
	contacts, err := w.onCall.ListContacts(w.as(eve), &notificationv1.ListContactsRequest{})
	require.NoError(w.t, err)
	require.NotContains(w.t, contacts.String(), key)
	pages, err := w.pages.ListPages(w.as(eve), &notificationv1.ListPagesRequest{})
	require.NoError(w.t, err)
	require.NotContains(w.t, pages.String(), key)
	require.NotContains(w.t, w.logs.String(), key)
	require.Zero(w.t, w.count(`SELECT COUNT(*) FROM page_deliveries WHERE address LIKE '%`+key+`%' OR last_answer LIKE '%`+key+`%'`))
	require.Zero(w.t, w.count(`SELECT COUNT(*) FROM tasks WHERE CAST(payload AS TEXT) LIKE '%`+key+`%'`))
}

func TestAPageInAChat(t *testing.T) {
	for _, chat := range chats {
		t.Run(chat.name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, w *world) {
				hook := testkit.Receiver(t)
				hook.Respond(func(n int, _ testkit.Request) testkit.Response {
					if n == 3 { // the first attempt of the page, after the code and the test
						return testkit.Response{Status: 503}
					}
					return testkit.Response{Status: 202}
				})
				made := w.create(&notificationv1.Contact{Channel: chat.channel, Address: hook.URL + chat.secret})
				require.Equal(t, hook.URL+"/…"+chat.secret[len(chat.secret)-4:], made.GetAddress())
				require.Empty(t, made.GetSecret(), "never read back")
				code := regexp.MustCompile(`Code ([0-9]{6})`).FindSubmatch(hook.Requests()[0].Body)
				require.NotNil(t, code, "%s", hook.Requests()[0].Body)
				_, err := w.verify(ada, made.GetId(), string(code[1]))
				require.NoError(t, err)

				res, err := w.testContact(ada, made.GetId())
				require.NoError(t, err)
				require.True(t, res.GetAccepted())
				require.Contains(t, string(hook.Requests()[1].Body), "Ada Park tries how Ada Park is paged")

				w.onlyAda()
				w.urgent(1, 1)
				testkit.Eventually(t, func() bool { return w.onlyPage(1).GetState() == ticketv1.PageState_PAGE_STATE_DELIVERED }, "not delivered")
				delivery := w.onlyPage(1).GetDeliveries()[0]
				require.Equal(t, chat.name, delivery.GetChannel())
				require.Contains(t, delivery.GetAnswer().GetSaid(), "202")
				got := hook.Requests()
				require.Len(t, got, 4, "tried again once")
				require.Equal(t, got[2].Body, got[3].Body)
				require.Contains(t, string(got[3].Body), w.ackURL+"/")
				for _, r := range got {
					require.Equal(t, chat.secret, r.Path)
				}
				w.requireNoSecret(chat.secret)
			})
		})
	}
}

// What is shown of an address is text in every case: one that is not would spoil every list that it is in.
func TestTheEndOfAnAddressIsWholeCharacters(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		hook := testkit.Receiver(t)
		made := w.create(&notificationv1.Contact{Channel: notificationv1.Contact_CHANNEL_TEAMS, Address: hook.URL + "/workflows/1?sig=dpdmN1gé€"})
		require.Equal(t, hook.URL+"/…1gé€", made.GetAddress())
	})
}

func TestAStormInAChat(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		hook := testkit.Receiver(t)
		w := setup(t, db, notification.Config{BundleAfter: 1, BundleHold: time.Second})
		_, err := w.service.AddVerifiedContact(t.Context(), &notificationv1.Contact{
			Person: ada.GetId(), Channel: notificationv1.Contact_CHANNEL_MATTERMOST, Address: hook.URL + chats[1].secret,
		})
		require.NoError(t, err)
		w.onlyAda()
		w.storm(1, 5)
		testkit.Eventually(t, func() bool {
			got := hook.Requests()
			return len(got) > 1 && strings.Contains(string(got[len(got)-1].Body), "All open pages")
		}, "one message about many")
		got := hook.Requests()
		require.Less(t, len(got), 5)
		require.Regexp(t, `\*\*[2-4] pages: .* and [1-3] more\*\*`, string(got[len(got)-1].Body))
	}, notification.Migrations()...)
}

func TestAContactInAChatIsChecked(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for _, chat := range chats {
			create := func(address, secret string) error {
				_, err := w.onCall.CreateContact(w.as(ada), &notificationv1.CreateContactRequest{
					Contact: &notificationv1.Contact{Person: ada.GetId(), Channel: chat.channel, Address: address, Secret: secret},
				})
				return err
			}
			require.Equal(t, "contact.address URL_INVALID", refusal(create("chat.test"+chat.secret, "")))
			require.Equal(t, "contact.address URL_INVALID", refusal(create("https://chat.test/hooks/", "")))
			require.Equal(t, "contact.address URL_FORBIDDEN", refusal(create("https://169.254.169.254"+chat.secret, "")))
			err := create("https://chat.test"+chat.secret, "secret")
			require.Equal(t, "contact.secret SECRET_INVALID", refusal(err))
			require.ErrorIs(t, err, fault.Invalid)
		}
		require.Zero(t, w.count(`SELECT COUNT(*) FROM contacts`))
	})
}
