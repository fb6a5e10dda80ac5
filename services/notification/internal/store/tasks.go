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
	KindContact    = "page.contact"
	KindAckTimeout = "page.acktimeout"
	KindClose      = "page.close"
	KindReceipt    = "page.receipt"
	KindTakeOver   = "page.takeover"
	KindMail       = "mail.send"
	KindInbound    = "mail.examine"
	KindHeld       = "mail.held"
	KindWatch      = "duty.watch"
	KindDutyMail   = "duty.mail"
	KindCode       = "contact.code"
	KindDigest     = "notice.digest"
)

// DeliverTask is the payload of KindDeliver. Host is whom it talks to.
type DeliverTask struct {
	Page     string `json:"page"`
	Delivery string `json:"delivery"`
	Host     string `json:"host"`
	Alone    bool   `json:"alone,omitempty"` // it was to go with others, and there are none
}

// CloseTask is the payload of KindClose. Over: the page is resolved; else it is acknowledged. The alert of a bundle is closed
// with the last of its pages.
type CloseTask struct {
	Delivery string `json:"delivery"`
	Host     string `json:"host"`
	Over     bool   `json:"over"`
	Bundle   string `json:"bundle,omitempty"`
}

// TimerTask is the payload of KindStep, KindContact and KindAckTimeout.
type TimerTask struct {
	domain.ContactTimer
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

// CodeTask is the payload of KindCode, whose key is the contact's id. Host is whom it talks to.
type CodeTask struct {
	Contact string `json:"contact"`
	Round   int64  `json:"round"`
	Host    string `json:"host"`
}

// WatchTask is the payload of KindWatch, whose key is the schedule's id.
type WatchTask struct {
	Schedule   string `json:"schedule"`
	Generation int64  `json:"generation"`
}

// MailTask is the payload of KindMail and KindDutyMail.
type MailTask struct {
	Delivery string `json:"delivery"`
}

// InboundTask is the payload of KindInbound.
type InboundTask struct {
	Mail string `json:"mail"`
}

// Later implements domain.PageTx.
func (tx *Tx) Later(t domain.Timer) {
	kind := KindStep
	switch t.Kind {
	case domain.TimerAcknowledge:
		kind = KindAckTimeout
	case domain.TimerContact:
		kind = KindContact
	}
	payload := toJSON(TimerTask{ContactTimer: t.Contact, Page: t.Page, Cycle: t.Position.Cycle, Loop: t.Position.Loop, Step: t.Position.Step})
	tx.specs = append(tx.specs, durable.Spec{Kind: kind, Lane: durable.LanePage, Key: t.Page, Payload: []byte(payload), Delay: t.Delay})
}

// AskLater implements domain.PageTx.
func (tx *Tx) AskLater(r domain.Receipt) {
	if delay, ok := r.Delay(); ok {
		tx.specs = append(tx.specs, durable.Spec{Kind: KindReceipt, Lane: durable.LanePage, Key: r.Page, Payload: []byte(toJSON(r)), Delay: delay})
	}
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
