package mailout

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/notification/internal/domain"
)

func TestWhatIsRecentIsTheLatestAndStaysSmall(t *testing.T) {
	var b recent[string]
	_, ok := b.get("a")
	require.False(t, ok)
	b.put("a", "<p>a</p>", 8)
	html, ok := b.get("a")
	require.True(t, ok)
	require.Equal(t, "<p>a</p>", html)

	b.put(strings.Repeat("x", recentBytes/4+1), "", 0)
	require.Len(t, b.made, 1, "one that is too large would take the place of all others")

	large := strings.Repeat("y", recentBytes/8)
	for i := range 20 {
		b.put(fmt.Sprint(i, large), "", 0)
		_, ok := b.get(fmt.Sprint(i, large))
		require.True(t, ok)
		kept := 0
		for _, texts := range []map[string]string{b.made, b.past} {
			for markdown, html := range texts {
				kept += len(markdown) + len(html)
			}
		}
		require.LessOrEqual(t, kept, recentBytes)
	}
	_, ok = b.get("a")
	require.False(t, ok, "forgotten")
	_, ok = b.get(fmt.Sprint(18, large))
	require.True(t, ok)
}

// TestRecipientsShareWhatAMailSays: what was made for one is taken for the others, but not what is said to one alone, nor of
// another content.
func TestRecipientsShareWhatAMailSays(t *testing.T) {
	content := func(source, body string) domain.MailContent {
		return domain.MailContent{
			Kind: domain.MailMessage, Ticket: 7, Subject: "slow", Source: source, Participants: []domain.Person{{Name: "<Mia>", Email: "mia@shop.test"}},
			Messages: []domain.PublicMessage{{Author: domain.Person{Name: "Mia"}, Body: body}},
		}
	}
	shared := renderer()
	shared.Stop = func(d domain.MailDelivery) (string, string) {
		if d.Recipient.Reason != "cc" {
			return "", ""
		}
		return "https://desk.test/unsubscribe/" + d.Recipient.Person.Name + "?a=1&b=2", ""
	}
	for _, d := range []domain.MailDelivery{
		{Recipient: domain.Recipient{Person: domain.Person{Name: "mia"}, Reason: "requester"}},
		{Recipient: domain.Recipient{Person: domain.Person{Name: "noa"}, Reason: "cc"}},
		{Recipient: domain.Recipient{Person: domain.Person{Name: "ida"}, Reason: "cc"}, Locale: "de"},
		{Recipient: domain.Recipient{Person: domain.Person{Name: "ben"}, Reason: "cc"}},
	} {
		for _, c := range []domain.MailContent{content("1", "*one*"), content("2", "*two*"), content("", "*three*"), content("", "*four*")} {
			alone := renderer()
			alone.Stop = shared.Stop
			want, err := alone.Correspondence(d, c)
			require.NoError(t, err)
			got, err := shared.Correspondence(d, c)
			require.NoError(t, err)
			require.Equal(t, want, got)
			require.Contains(t, got.HTML, "&lt;Mia&gt;")
			require.Contains(t, got.Text, c.Messages[0].Body)
			require.Equal(t, d.Recipient.Reason == "cc", strings.Contains(got.HTML, `unsubscribe/`+d.Recipient.Person.Name+`?a=1&amp;b=2"`), "%s", got.HTML)
			require.Equal(t, d.Recipient.Reason == "cc", strings.Contains(got.Text, `unsubscribe/`+d.Recipient.Person.Name))
		}
	}
	_, known := shared.above.get("letter_above\x001")
	require.True(t, known)
}

func TestEveryRecipientOfAMessageGetsTheSameText(t *testing.T) {
	r := renderer()
	for _, body := range []string{"*one*", "*one*", "two <script>alert(1)</script>", "*one*"} {
		html, err := r.sanitized(body)
		require.NoError(t, err)
		want, err := renderer().sanitized(body)
		require.NoError(t, err)
		require.Equal(t, want, html)
	}
}
