package mailin

import (
	"bytes"
	"html"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/microcosm-cc/bluemonday"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"pgregory.net/rapid"
)

func TestMarkdown(t *testing.T) {
	for _, tt := range []struct{ name, html, want string }{
		{"paragraphs and lines", "<p>One</p><p>Two<br>lines</p><div>Three</div><div>Four</div>", "One\n\nTwo\nlines\n\nThree\nFour"},
		{"white space", "  a\n  <b> b </b>c<i>d</i>\n", "a **b** c*d*"},
		{"an empty line of Gmail", "<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
		{"headings", "<h1>A <b>b</b></h1><h3></h3>text", "# A **b**\n\ntext"},
		{"lists", "<ol start=3><li>a<ul><li>b</li><li></li></ul></li><li><p>c</p><p>d</p></li></ol>e", "3. a\n   - b\n\n4. c\n\n   d\n\ne"},
		{"quotations", "<blockquote>a<blockquote>b</blockquote></blockquote>c", "> a\n>\n> > b\n\nc"},
		{"code", "<p>Run <code>a * `b`</code></p><pre>x = 1\n  &lt;y&gt;\n```\n</pre>", "Run `` a * `b` ``\n\n````\nx = 1\n  <y>\n```\n````"},
		{
			"links", `<a href="https://a.test">docs</a> <a href="https://b.test/(x)">[b]</a> <a href="mailto:mia@shop.test">mia@shop.test</a> <a href="https://c.test/">https://c.test</a>`,
			`[docs](https://a.test) [\[b\]](<https://b.test/(x)>) mia@shop.test https://c.test`,
		},
		{"links that run", `<a href="javascript:alert(1)">a</a> <a href="data:text/html,x">b</a> <a href="cid:x">c</a>`, "a b c"},
		{"pictures that would be fetched", `<img src="https://t.test/p.gif"><img src="//t.test/q.gif" alt="Our *logo*">`, `Our \*logo\*`},
		{"tables", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
		{"bold all over", "<b><p>a</p><p>b</p></b>", "a\n\nb"},
		{"bold to the end of a line", "<b>a<br></b>b <i>c</i>", "a\nb *c*"},
		{"marks that would mean nothing", "a<b><i>(x)</i> y</b>", "a(x) y"},
		{"bold of nothing", "a<b> </b>c", "a c"},
		{"headings in headings", "<h1>a<div><h2>b</h2></div></h1>", "# a b"},
		{"links without words", `<a href="https://a.test"><img src="cid:x"></a>b`, "\x00x\x00b"},
		{"bold in bold", "<b>a <strong>b</strong></b>", "**a b**"},
		{"what would be Markdown", "<div># 1*2*3 _x_ snake_case [a](b) &amp;lt; a &lt; b &lt;b&gt; C:\\* \\x</div><div>- 7</div><div>2. x</div>", "\\# 1\\*2\\*3 \\_x\\_ snake_case [a\\](b) \\&lt; a < b \\<b> C:\\\\\\* \\x\n\\- 7\n2\\. x"},
		{"a head of Outlook", "<p><b>From:</b> Altis<br><b>Sent:</b> today</p>", "**From:** Altis\n**Sent:** today"},
		{"nothing", "<script>x</script><style>y</style><title>z</title><p> </p>", ""},
		{"a NUL", "a\x00cid:b\x00", "acid:b"},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, markdown(tt.html)) })
	}
}

// slow is longer than what is linear takes, on a busy machine and under the race detector too.
const slow = 20 * time.Second

// How long a mail takes grows with its length, however it is nested: it would else keep the process that pages busy for hours.
func TestMarkdownIsLinear(t *testing.T) {
	lines := strings.Repeat("x<br>", 5<<10)
	for name, source := range map[string]string{
		"emphasis":                strings.Repeat("<b><i>", 250) + lines,
		"emphasis of code":        strings.Repeat("<b><i>", 250) + strings.Repeat("x ", 50<<10) + "`",
		"emphasis without effect": strings.Repeat("a<b>a<i>", 120) + "(" + strings.Repeat("x ", 50<<10) + strings.Repeat(")</i>", 120),
		"links":                   strings.Repeat(`<a href="https://a.test"><table><tr><td>`, 100) + lines,
		"headings":                strings.Repeat("<h1><div>", 250) + lines,
		"quotations":              strings.Repeat("<blockquote>", 500) + lines,
		"lists":                   strings.Repeat("<ol start=99999><li>", 250) + lines,
		"backticks":               "<code>" + strings.Repeat("`", 1<<20) + "</code>",
		"backticks in lines":      "<pre>" + strings.Repeat("`", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			began := time.Now()
			text := markdown(source)
			require.Less(t, time.Since(began), slow)
			require.Less(t, len(text), 4<<20)
		})
	}
	require.Equal(t, "***x***", markdown(strings.Repeat("<b><i>", 250)+"x"), "marks are not nested deeper")
}

func TestMarkdownIsBounded(t *testing.T) {
	open := strings.Repeat("<b><i><em><strong><code><tt>", 3)
	for name, source := range map[string]string{
		"emphasis that is not ended":  open + strings.Repeat("<p>x", 128<<10),
		"just few enough paragraphs":  open + strings.Repeat("<p>x", maxTags-20),
		"emphasis before and between": strings.Repeat(open+"<p>x", 8<<10),
		"nothing but elements":        strings.Repeat("<b>", 256<<10),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			text := markdown(source)
			runtime.ReadMemStats(&after)
			require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(256<<20), "in all, of which the collector takes most back")
			require.Equal(t, strings.Count(source, "x"), strings.Count(text, "x"), "no word is lost")
		})
	}
}

func TestOfAlternativesOneIsMade(t *testing.T) {
	mail := "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/html\n\n" + strings.Repeat("<p>x</p>", 5<<10) +
		"\n--b\nContent-Type: text/plain\n\nHello\n--b--\n"
	require.Equal(t, "Hello", Read([]byte(mail)).Text)
	require.Less(t, testing.AllocsPerRun(1, func() { Read([]byte(mail)) }), 5000.0, "the HTML is left alone")
}

func TestPicturesAreNamedInLinearTime(t *testing.T) {
	mail := "Content-Type: text/html\n\n" + strings.Repeat("[cid:<img src=cid:x>", 10<<10)
	began := time.Now()
	require.Contains(t, Read([]byte(mail)).Text, "[cid:[cid:")
	require.Less(t, time.Since(began), slow)
}

// seenIn is the text that a reader of Markdown sees.
func seenIn(t require.TestingT, text string) string {
	var out bytes.Buffer
	require.NoError(t, goldmark.Convert([]byte(text), &out))
	return strings.Join(strings.Fields(html.UnescapeString(bluemonday.StrictPolicy().Sanitize(out.String()))), " ")
}

// Text of HTML says the same once it was Markdown.
func TestTextStaysTextInMarkdown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("ab1 .)(*_`~#>-+=[]!<&;\\/:\"'|")), 1, 12, -1)
		source, want := "", []string{}
		for range rapid.IntRange(1, 4).Draw(t, "lines") {
			text := word.Draw(t, "text")
			source += rapid.SampledFrom([]string{"<p>%</p>", "<div>%</div>", "<b>%</b> ", "<li>%</li>", "<blockquote>%</blockquote>", "<h2>%</h2>", "%<br>"}).Draw(t, "element")
			source = strings.Replace(source, "%", strings.ReplaceAll(html.EscapeString(text), "%", ""), 1)
			want = append(want, strings.Fields(text)...)
		}
		require.Equal(t, strings.Join(want, ""), strings.ReplaceAll(seenIn(t, markdown(source)), " ", ""), "%q: %q", source, markdown(source))
	})
}

func FuzzMarkdown(f *testing.F) {
	f.Add("<p>a<b>b<ul><li>c<blockquote><pre>d")
	f.Add("<table><td><a href=https://a.test><img src=cid:x>")
	f.Add(strings.Repeat("<div><b>", 600) + "x")
	f.Add(strings.Repeat("<b><i>", 250) + strings.Repeat("x<br>", 500))
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) > 4096 {
			return
		}
		text := markdown(source)
		var out bytes.Buffer
		require.NoError(t, goldmark.Convert([]byte(text), &out))
		for _, never := range []string{"<script", "javascript:", "<img", "<iframe", "<form"} {
			require.NotContains(t, strings.ToLower(out.String()), never)
		}
	})
}
