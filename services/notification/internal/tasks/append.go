package tasks

import (
	"bytes"
	"context"
	"strings"
	"time"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
)

// maxBody is how many characters a message of a ticket can have, maxQuoted what it quotes, maxReplyFiles how many files.
const maxBody, maxQuoted, maxReplyFiles = 65536, 65536, 20

// append hands an answer to ticket.
func (t *Tasks) append(ctx context.Context, m domain.InboundMail, raw []byte, h mailin.Head) (domain.InboundMail, error) {
	content := mailin.Read(raw)
	sent, stop, err := t.sent(ctx, m, h)
	if err != nil {
		return m, err
	}
	answer, quoted := mailin.Split(content.Text, sent...)
	quoted = cut(mailin.WithoutLink(quoted, stop), maxQuoted)
	body, files := fitting(content, answer, raw)
	if body == "" {
		return decided(m, domain.InboundRejected, domain.ReasonEmpty, ""), nil
	}
	number, message, err := t.Replies.Append(ctx, domain.MailReply{Mail: m.ID, Ticket: m.Ticket, Sender: m.Holder, Body: body, Quoted: quoted}, files)
	return handed(m, number, message, err)
}

// cut returns the first characters of a text.
func cut(text string, most int) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), most)])
}

// fitting returns what a message can hold of a mail. The body is empty when there is nothing at all.
func fitting(content mailin.Content, body string, raw []byte) (string, []mailin.File) {
	files := content.Files
	runes := []rune(body)
	if content.Broken || len(runes) > maxBody || len(files) > maxReplyFiles {
		// What the message has no place for stays readable.
		body = string(runes[:min(len(runes), maxBody)])
		files = append(files[:min(len(files), maxReplyFiles-1):min(len(files), maxReplyFiles-1)], mailin.File{Name: "mail.eml", Content: bytes.Clone(raw)})
	}
	if body == "" { // a message has text
		names := make([]string, len(files))
		for i, f := range files {
			names[i] = f.Name
		}
		body = strings.Join(names, ", ")
	}
	return body, files
}

// handed judges what ticket answers to a mail that was handed to it.
func handed(m domain.InboundMail, number int64, message string, err error) (domain.InboundMail, error) {
	switch kind := fault.KindOf(err); {
	case err == nil && number != m.Ticket:
		m = decided(m, domain.InboundCreated, m.Reason, m.Detail)
	case err == nil:
		m = decided(m, domain.InboundAppended, m.Reason, m.Detail)
	case kind == fault.NotFound, kind == fault.Denied, kind == fault.Precondition, kind == fault.Invalid:
		return decided(m, domain.InboundQuarantined, domain.ReasonNotAllowed, fault.ReasonOf(err)), nil
	case time.Since(latest(m.ReceivedAt, m.ReleasedAt)) > appendPatience:
		return decided(m, domain.InboundQuarantined, domain.ReasonNotAppended, fault.ReasonOf(err)), nil
	default:
		return m, err
	}
	m.ReplyTicket, m.Message = number, message
	return m, nil
}
