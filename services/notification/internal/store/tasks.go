package store

import (
	"context"

	"altis-dxp.com/support/pkg/durable"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// The kinds of tasks. Their key is the page's or the mail's id, by which they are cancelled.
const (
	KindDeliver    = "page.deliver"
	KindStep       = "page.step"
	KindAckTimeout = "page.acktimeout"
	KindClose      = "page.close"
	KindTakeOver   = "page.takeover"
	KindMail       = "mail.send"
)

// DeliverTask is the payload of KindDeliver. Host is whom it talks to.
type DeliverTask struct {
	Page     string `json:"page"`
	Delivery string `json:"delivery"`
	Host     string `json:"host"`
}

// CloseTask is the payload of KindClose. Over: the page is resolved; else it is acknowledged.
type CloseTask struct {
	Delivery string `json:"delivery"`
	Host     string `json:"host"`
	Over     bool   `json:"over"`
}

// TimerTask is the payload of KindStep and KindAckTimeout.
type TimerTask struct {
	Page  string `json:"page"`
	Cycle int    `json:"cycle"`
	Loop  int    `json:"loop"`
	Step  int    `json:"step"`
}

// TakeOverTask is the payload of KindTakeOver.
type TakeOverTask struct {
	Opening domain.Opening `json:"opening"`
	Certain bool           `json:"certain"` // the mailbox has the page, rather than may have it
}

// MailTask is the payload of KindMail.
type MailTask struct {
	Delivery string `json:"delivery"`
}

// Later implements domain.PageTx.
func (tx *Tx) Later(t domain.Timer) {
	kind := KindStep
	if t.Kind == domain.TimerAcknowledge {
		kind = KindAckTimeout
	}
	payload := toJSON(TimerTask{Page: t.Page, Cycle: t.Position.Cycle, Loop: t.Position.Loop, Step: t.Position.Step})
	tx.specs = append(tx.specs, durable.Spec{Kind: kind, Lane: durable.LanePage, Key: t.Page, Payload: []byte(payload), Delay: t.Delay})
}

// TakeOver has a page begun once the emergency mailbox was asked for it.
func (tx *Tx) TakeOver(t TakeOverTask) {
	tx.specs = append(tx.specs, durable.Spec{Kind: KindTakeOver, Lane: durable.LanePage, Key: t.Opening.ID, Payload: []byte(toJSON(t))})
}

// Tell implements domain.PageTx.
func (tx *Tx) Tell(ctx context.Context, e domain.PageEvent) {
	if tx.s.o.PageEvent == nil {
		return
	}
	tx.specs = append(tx.specs, tx.s.o.PageEvent(ctx, e))
}
