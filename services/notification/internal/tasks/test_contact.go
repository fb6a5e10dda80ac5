package tasks

import (
	"context"
	"log/slog"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// testMailTimeout is how long somebody waits for the mail server: it may take its time to accept a mail.
const testMailTimeout = 10 * time.Second

// TestContact implements domain.ContactTester, over the connections by which pages go.
func (t *Tasks) TestContact(ctx context.Context, test domain.ContactTest) domain.Attempt {
	if t.Held {
		return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerProvider, Said: "not sent: nothing is, by --hold"}}
	}
	timeout := t.AttemptTimeout
	if test.Contact.Channel == domain.ChannelEmail {
		timeout = max(timeout, testMailTimeout)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	a := t.sendTest(ctx, test)
	if !a.Accepted {
		t.Logger.WarnContext(ctx, "test or code of a contact not accepted", slog.String("contact", test.Contact.ID),
			slog.String("channel", string(test.Contact.Channel)), slog.Int("status", status(a.Answer.Said)))
	}
	return a
}

func (t *Tasks) sendTest(ctx context.Context, test domain.ContactTest) domain.Attempt {
	if test.Contact.Channel == domain.ChannelEmail {
		locale, _ := t.Store.Locale(ctx, test.To.ID) // else English
		m, err := t.Renderer.ContactTest(test, locale, test.ID+"@"+t.MailDomain)
		if err != nil {
			return domain.Attempt{Final: true, Answer: domain.Answer{Kind: domain.AnswerNoMail}}
		}
		a := mailAttempt(t.sendMail(ctx, test.ID, t.MailFrom, m))
		if !a.Accepted && ctx.Err() != nil {
			a.Answer = domain.Answer{Kind: domain.AnswerLate}
		}
		return a
	}
	answer, err := t.pushTest(ctx, test)
	if err == nil && test.Contact.Channel.Alerts() { // nobody has to close it
		answer, err = t.closeAt(ctx, test.Contact, test.Secret, test.ID, true)
	}
	return domain.Attempt{Accepted: err == nil, Final: answer.Final, Answer: answer.What}
}
