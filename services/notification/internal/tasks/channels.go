package tasks

import (
	"context"
	"time"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mattermost"
	"altis-dxp.com/support/services/notification/internal/opsgenie"
	"altis-dxp.com/support/services/notification/internal/pagerduty"
	"altis-dxp.com/support/services/notification/internal/pagetext"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/teams"
	"altis-dxp.com/support/services/notification/internal/twilio"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// pushed is a message that goes by HTTP.
type pushed struct {
	Contact domain.Contact
	Secret  string
	ID      string // of the delivery, bundle or test: that of every repetition
	Body    string // as a webhook has it
	Again   bool   // it may be a repetition
	At      time.Time
	// Content reads what the body tells, for channels that show it in another form.
	Content func() (pagetext.Content, error)
}

// push hands a message to its channel, once.
func (t *Tasks) push(ctx context.Context, m pushed) (webhook.Answer, error) {
	if m.Contact.Channel == domain.ChannelWebhook {
		return t.Webhooks.Send(ctx, webhook.Message{ID: m.ID, URL: m.Contact.Address, Secret: m.Secret, Body: m.Body, At: m.At})
	}
	content, err := m.Content()
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerNoNotice}, Final: true}, err
	}
	switch m.Contact.Channel {
	case domain.ChannelTeams:
		return teams.Send(ctx, t.Webhooks, m.Secret, content)
	case domain.ChannelMattermost:
		return mattermost.Send(ctx, t.Webhooks, m.Secret, content)
	case domain.ChannelSMS:
		return twilio.Send(ctx, t.Webhooks, t.SMS, twilio.Message{To: m.Contact.Address, Again: m.Again, Content: content})
	case domain.ChannelOpsgenie:
		return opsgenie.Send(ctx, t.Webhooks, opsgenie.Event{URL: m.Contact.Address, Key: m.Secret, Alert: m.ID, Content: content})
	default:
		return pagerduty.Send(ctx, t.Webhooks, pagerduty.Event{
			URL: m.Contact.Address, Key: m.Secret, Alert: m.ID, Action: pagerduty.Trigger, Content: content,
		})
	}
}

// pushPage hands a delivery to its channel.
func (t *Tasks) pushPage(ctx context.Context, s store.Sending, again bool) (webhook.Answer, error) {
	return t.push(ctx, pushed{
		Contact: s.Contact, Secret: s.Secret, ID: s.ID, Body: s.Body, Again: again, At: s.At, Content: func() (pagetext.Content, error) {
			notice, err := webhook.Parse(s.Body)
			return pagetext.Content{Notice: notice}, err
		},
	})
}

// pushBundle hands a message about many pages to the channel of one of its deliveries, for the nth time.
func (t *Tasks) pushBundle(ctx context.Context, b domain.Bundle, s store.Sending, number int) (webhook.Answer, error) {
	return t.push(ctx, pushed{
		Contact: s.Contact, Secret: s.Secret, ID: b.ID, Body: b.Body, Again: number > 1, At: s.At, Content: func() (pagetext.Content, error) {
			bundled, err := webhook.ParseBundle(b.Body)
			return pagetext.Content{Bundle: bundled.GetData()}, err
		},
	})
}

// pushTest hands a test or a code to its channel.
func (t *Tasks) pushTest(ctx context.Context, test domain.ContactTest) (webhook.Answer, error) {
	body, err := webhook.RenderTest(test)
	if err != nil {
		return webhook.Answer{What: domain.Answer{Kind: domain.AnswerNoNotice}, Final: true}, err
	}
	return t.push(ctx, pushed{
		Contact: test.Contact, Secret: test.Secret, ID: test.ID, Body: body, At: test.At, Content: func() (pagetext.Content, error) {
			return pagetext.Content{Test: webhook.TestText(test)}, nil
		},
	})
}
