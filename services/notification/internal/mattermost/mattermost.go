// Package mattermost pages by an incoming webhook of Mattermost (https://developers.mattermost.com/integrate/webhooks/incoming):
// a POST of a message in Markdown. The URL ends with the webhook's key, so it is kept as a secret.
package mattermost

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// hookPath is where incoming webhooks are, also of a server below a path; ids of Mattermost have 26 characters.
var hookPath = regexp.MustCompile(`/hooks/[a-z0-9]{26}$`)

// CheckURL returns an error for what is not the URL of an incoming webhook.
func CheckURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || !hookPath.MatchString(u.Path) || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("must be the URL of an incoming webhook, which ends with /hooks/ and its key of 26 characters")
	}
	return nil
}

// maxText is the limit of a post, in characters; a longer one would be posted in parts.
const maxText = 16383

// maxDetail bounds what is told of one thing: a chat is for reading.
const maxDetail = 2000

// post is the body of a request.
type post struct {
	Text     string    `json:"text"`
	Priority *priority `json:"priority,omitempty"`
}

type priority struct {
	Priority string `json:"priority"`
}

// Send posts a message once. Beside what webhook.Sender ends for good, 400 is final: it is what Mattermost says of a webhook
// that was deleted.
func Send(ctx context.Context, s *webhook.Sender, address string, c pagetext.Content) (webhook.Answer, error) {
	body, err := json.Marshal(postOf(c))
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerNoNotice}, Final: true}, err
	}
	req, err := webhook.NewRequest(ctx, address, string(body))
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerForbidden}, Final: true}, err
	}
	answer, err := s.Do(req)
	answer.Final = answer.Final || answer.Status == http.StatusBadRequest
	return answer, err
}

func postOf(c pagetext.Content) post {
	var b strings.Builder
	b.WriteString("**" + escape(oneLine(pagetext.Cut(c.Title(), maxDetail))) + "**")
	for i, l := range c.Links() {
		if i == 0 {
			b.WriteString("\n")
		} else {
			b.WriteString(" · ")
		}
		b.WriteString("[" + escape(l.Text) + "](" + l.URL + ")")
	}
	for _, d := range c.Details() {
		line := "\n" + d.Name + ":"
		if cut := pagetext.Cut(d.Text, maxDetail); strings.Contains(cut, "\n") {
			line += "\n> " + strings.Join(strings.Split(escape(cut), "\n"), "\n> ") + "\n"
		} else {
			line += " " + escape(cut)
		}
		if len([]rune(b.String()))+len([]rune(line)) > maxText {
			break
		}
		b.WriteString(line)
	}
	p := post{Text: b.String()}
	if c.Test == "" && !c.Notice.GetDrill() {
		p.Priority = &priority{Priority: "urgent"}
	}
	return p
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// marks is what means something to Mattermost. What customers write is shown as it is: it calls nobody in the channel, and
// no link says something else than where it leads.
var marks = strings.NewReplacer(
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "~", `\~`, "[", `\[`, "]", `\]`, "<", `\<`, ">", `\>`, "|", `\|`, "#", `\#`, "!", `\!`,
	"@", "@\u2060", "\r", "",
)

func escape(s string) string { return marks.Replace(s) }
