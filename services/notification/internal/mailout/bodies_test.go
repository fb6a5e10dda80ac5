package mailout

import (
	"fmt"
	htmltemplate "html/template"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBodiesKeepTheLatestAndStaySmall(t *testing.T) {
	var b bodies
	_, ok := b.get("a")
	require.False(t, ok)
	b.put("a", "<p>a</p>")
	html, ok := b.get("a")
	require.True(t, ok)
	require.Equal(t, htmltemplate.HTML("<p>a</p>"), html)

	b.put(strings.Repeat("x", bodiesBytes/4+1), "")
	require.Len(t, b.made, 1, "one that is too large would take the place of all others")

	large := strings.Repeat("y", bodiesBytes/8)
	for i := range 20 {
		b.put(fmt.Sprint(i, large), "")
		_, ok := b.get(fmt.Sprint(i, large))
		require.True(t, ok)
		kept := 0
		for _, texts := range []map[string]htmltemplate.HTML{b.made, b.past} {
			for markdown, html := range texts {
				kept += len(markdown) + len(html)
			}
		}
		require.LessOrEqual(t, kept, bodiesBytes)
	}
	_, ok = b.get("a")
	require.False(t, ok, "forgotten")
	_, ok = b.get(fmt.Sprint(18, large))
	require.True(t, ok)
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
