package domain

import (
	"context"
	"strconv"
	"time"
)

// The staff is told of the quarantine at most once in HeldEvery, and HeldGather after the first mail of several: they often come
// together.
const (
	HeldEvery  = time.Hour
	HeldGather = time.Minute
)

// HeldSubject is what the ledger calls mails about the quarantine; the mails themselves speak their recipient's language.
const HeldSubject = "Quarantine"

// HeldMails is what the staff is told of the quarantine.
type HeldMails struct {
	New int64 `json:"new"` // mails that were held since it was told last, and still are
	All int64 `json:"all"` // that nobody has decided about
}

// TellHeld returns what the staff is told of the quarantine, and the mail to those who want it at once. It is for everybody, who
// all may decide, as a new ticket is that no team has: most of what is held would be one.
func TellHeld(ctx context.Context, tx StaffTx, h HeldMails, now time.Time) (StaffNotice, Outgoing, error) {
	n := StaffNotice{ID: Hash("notice", string(NoticeHeld), strconv.FormatInt(now.UnixMicro(), 10)), Kind: NoticeHeld, Mails: h.New}
	people, err := tx.Mailed(ctx, "", NoticeHeld)
	to := make([]Recipient, len(people))
	for i, p := range people {
		to[i] = Recipient{p, ReasonHeld}
	}
	to = recipients(to, Person{})
	n.Mailed = personIDs(to)
	return n, Outgoing{MailContent{ID: Hash("mail", string(MailStaffHeld), n.ID), Kind: MailStaffHeld, Held: &h}, to}, err
}
