package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// Redaction is what a message, or a field, says since text of it was redacted.
type Redaction struct {
	Ticket   int64
	Message  string // or the name of the field, which no message has as its id
	Sequence int64  // of the event that tells of it
	Body     string
	Excerpt  string // of the ticket's first message
}

// Redact forgets what the message said before: in mails, whether they were sent or not, in pages and their notices. An older
// redaction that arrives later changes nothing.
func (tx *Tx) Redact(ctx context.Context, r Redaction) error {
	newest, err := tx.remember(ctx, r)
	if err != nil || !newest {
		return err
	}
	// Of several messages the newest event has the newest excerpt.
	_, excerpt, err := tx.Redactions(ctx, r.Ticket)
	if err != nil {
		return err
	}
	if err := tx.redactMails(ctx, r, excerpt); err != nil {
		return err
	}
	// The mail that it came by says it still: the next sweep deletes it.
	if _, err := tx.q.ExecContext(ctx, `UPDATE inbound_mails SET object = '' WHERE message = $1 AND message <> ''`, r.Message); err != nil {
		return err
	}
	err = tx.rewrite(ctx, "pages", "incident", `SELECT p.id, p.incident AS document FROM pages p WHERE `+hasWords, r.Ticket,
		func(document []byte) (any, error) {
			var incident domain.Incident
			err := json.Unmarshal(document, &incident)
			incident.Excerpt = excerpt
			return incident, err
		})
	if err != nil {
		return err
	}
	return tx.rewrite(ctx, "page_deliveries", "body", `
SELECT d.id, d.body AS document FROM page_deliveries d JOIN pages p ON p.id = d.page WHERE `+hasWords, r.Ticket,
		func(document []byte) (any, error) {
			notice, data, err := decodeNotice(document)
			if data != nil {
				data["excerpt"] = excerpt
			}
			return notice, err
		})
}

// remember keeps a redaction, and reports that there is no newer one of the same.
func (tx *Tx) remember(ctx context.Context, r Redaction) (newest bool, err error) {
	result, err := tx.q.ExecContext(ctx, `
INSERT INTO redactions (ticket, message, sequence, body, excerpt) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (ticket, message) DO UPDATE SET sequence = excluded.sequence, body = excluded.body, excerpt = excluded.excerpt
WHERE redactions.sequence < excluded.sequence`, r.Ticket, r.Message, r.Sequence, r.Body, r.Excerpt)
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// decodeNotice reads what is sent to a webhook, to write it again as it was but for some words of its data.
func decodeNotice(document []byte) (notice, data map[string]any, err error) {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	err = decoder.Decode(&notice)
	data, _ = notice["data"].(map[string]any)
	return notice, data, err
}

// hasWords is the condition that a page p says what a ticket says.
const hasWords = `(p.words_of = $1 OR p.words_of = 0 AND p.ticket = $1)`

func (tx *Tx) redactMails(ctx context.Context, r Redaction, excerpt string) error {
	return tx.rewrite(ctx, "mail_contents", "document", `
SELECT c.id, c.document FROM mail_contents c WHERE c.id IN (SELECT d.content FROM mail_deliveries d WHERE d.ticket = $1)`, r.Ticket,
		func(document []byte) (any, error) {
			var content domain.MailContent
			err := json.Unmarshal(document, &content)
			for i := range content.Messages {
				switch m := &content.Messages[i]; m.ID {
				case r.Message:
					m.Body = r.Body
				case "": // the beginning of the first message
					m.Body = excerpt
				}
			}
			return content, err
		})
}

// rewrite changes the JSON in a column of the rows of a ticket.
func (tx *Tx) rewrite(ctx context.Context, table, column, query string, ticket int64, change func(document []byte) (any, error)) error {
	var rows []struct{ ID, Document string }
	if err := all(ctx, tx.q, &rows, query, ticket); err != nil {
		return err
	}
	for _, row := range rows {
		changed, err := change([]byte(row.Document))
		if err != nil {
			return fmt.Errorf("%s %s: %w", table, row.ID, err)
		}
		text := toJSON(changed)
		if text == row.Document {
			continue
		}
		if _, err := tx.q.ExecContext(ctx, `UPDATE `+table+` SET `+column+` = $2 WHERE id = $1`, row.ID, text); err != nil {
			return err
		}
	}
	return nil
}

// Redactions returns what redacted messages and fields of a ticket say now, by their ids and names, and the excerpt of its first message.
func (tx *Tx) Redactions(ctx context.Context, ticket int64) (now map[string]Redaction, excerpt string, err error) {
	var rows []Redaction
	err = all(ctx, tx.q, &rows, `SELECT ticket, message, sequence, body, excerpt FROM redactions WHERE ticket = $1 ORDER BY sequence`, ticket)
	now = make(map[string]Redaction, len(rows))
	for _, row := range rows {
		now[row.Message], excerpt = row, row.Excerpt
	}
	return now, excerpt, err
}
