package store

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// Fields of a ticket that can be redacted, by the names that its events have for them.
const (
	FieldSubject  = "subject"
	FieldImpact   = "incident.impact"
	FieldCallback = "incident.callback_number"
)

// RedactField forgets what a field of a ticket said before: in mails, whether they were sent or not, in pages and their
// notices, and in what the staff is to be told. The redaction names the field where others name the message. An older one that
// arrives later changes nothing.
func (tx *Tx) RedactField(ctx context.Context, r Redaction) error {
	newest, err := tx.remember(ctx, r)
	if err != nil || !newest {
		return err
	}
	if err := tx.redactFieldInPages(ctx, r); err != nil || r.Message != FieldSubject {
		return err
	}
	return errors.Join(tx.redactSubject(ctx, r), tx.redactTitles(ctx, r.Ticket))
}

// redactSubject takes a subject out of mails, in and out, and of what they are made of. A stranger's mails have another one.
func (tx *Tx) redactSubject(ctx context.Context, r Redaction) error {
	err := tx.rewrite(ctx, "mail_contents", "document", `SELECT c.id, c.document FROM mail_contents c WHERE c.ticket = $1`, r.Ticket,
		func(document []byte) (any, error) {
			var content domain.MailContent
			err := json.Unmarshal(document, &content)
			if content.Subject != domain.UnprovenSubject {
				content.Subject = r.Body
			}
			return content, err
		})
	if err != nil {
		return err
	}
	for _, change := range []struct {
		statement string
		args      []any
	}{
		{`UPDATE mail_deliveries SET subject = $2 WHERE ticket = $1 AND subject <> $3`, []any{
			r.Ticket, domain.MailSubject(r.Ticket, r.Body), domain.MailSubject(r.Ticket, domain.UnprovenSubject),
		}},
		{`UPDATE notices SET subject = $2 WHERE ticket = $1`, []any{r.Ticket, r.Body}},
		// What came in answers such mails, or began the ticket. The mails themselves say it in their heads: once they are
		// messages of the ticket, the next sweep deletes them.
		{`UPDATE inbound_mails SET subject = $2 WHERE ticket = $1 OR reply_ticket = $1`, []any{r.Ticket, r.Body}},
		{`UPDATE inbound_mails SET object = '' WHERE (ticket = $1 OR reply_ticket = $1) AND message <> ''`, []any{r.Ticket}},
	} {
		if _, err := tx.q.ExecContext(ctx, change.statement, change.args...); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) redactFieldInPages(ctx context.Context, r Redaction) error {
	err := tx.rewrite(ctx, "pages", "incident", `SELECT p.id, p.incident AS document FROM pages p WHERE `+hasWords, r.Ticket,
		func(document []byte) (any, error) {
			var incident domain.Incident
			err := json.Unmarshal(document, &incident)
			switch {
			case r.Message == FieldSubject:
				incident.Subject = r.Body
			case r.Message == FieldImpact && incident.Impact != "":
				incident.Impact = r.Body
			case r.Message == FieldCallback && incident.Callback != "":
				incident.Callback = r.Body
			}
			return incident, err
		})
	if err != nil {
		return err
	}
	word, ok := map[string]string{FieldImpact: "impact", FieldCallback: "callbackNumber"}[r.Message]
	if !ok {
		return nil
	}
	return tx.rewriteNotices(ctx, r.Ticket, func(_ string, data map[string]any) {
		if data[word] != nil {
			data[word] = r.Body
		}
	})
}

// rewriteNotices changes what was sent, or is to be, about the pages of a ticket.
func (tx *Tx) rewriteNotices(ctx context.Context, ticket int64, change func(page string, data map[string]any)) error {
	return tx.rewrite(ctx, "page_deliveries", "body", `
SELECT d.id, d.body AS document FROM page_deliveries d JOIN pages p ON p.id = d.page WHERE d.body <> '' AND `+hasWords, ticket,
		func(document []byte) (any, error) {
			notice, data, err := decodeNotice(document)
			if page, ok := data["page"].(string); ok {
				change(page, data)
			}
			return notice, err
		})
}

// redactTitles gives the pages of a ticket, their notices, and messages about many pages the titles that the incidents have now.
func (tx *Tx) redactTitles(ctx context.Context, ticket int64) error {
	var rows []struct{ ID, Incident string }
	if err := all(ctx, tx.q, &rows, `SELECT p.id, p.incident FROM pages p WHERE `+hasWords, ticket); err != nil {
		return err
	}
	titles := make(map[string]string, len(rows))
	for _, row := range rows {
		var incident domain.Incident
		if err := json.Unmarshal([]byte(row.Incident), &incident); err != nil {
			return err
		}
		title := incident.Title()
		titles[row.ID] = title
		if _, err := tx.q.ExecContext(ctx, `UPDATE pages SET title = $2 WHERE id = $1`, row.ID, title); err != nil {
			return err
		}
	}
	err := tx.rewriteNotices(ctx, ticket, func(page string, data map[string]any) {
		if data["title"] != nil {
			data["title"] = titles[page]
		}
	})
	if err != nil {
		return err
	}
	return tx.rewriteBundles(ctx, ticket, func(data, page map[string]any) {
		id, _ := page["page"].(string)
		title, known := titles[id]
		if !known {
			return
		}
		if all, ok := data["title"].(string); ok { // it may be the one in it
			old, _ := page["title"].(string)
			data["title"] = strings.Replace(all, old, title, 1)
		}
		page["title"] = title
	})
}
