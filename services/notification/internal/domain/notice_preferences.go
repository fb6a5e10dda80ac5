package domain

import (
	"fmt"
	"slices"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// NoticeChannel is how somebody of the staff is told. What happened stands in the dashboard in any case.
type NoticeChannel string

// The channels.
const (
	NoticeMail   NoticeChannel = "mail"   // at once
	NoticeDigest NoticeChannel = "digest" // gathered, at the hours that the person chose
	NoticeNone   NoticeChannel = "none"
)

// NoticePreferences are how one person of the staff is told of what.
type NoticePreferences struct {
	NewTicket   NoticeChannel // a ticket came to a team of theirs
	ReplyMine   NoticeChannel // a customer answered a ticket that is assigned to them
	ReplyTeam   NoticeChannel // a customer answered a ticket of a team of theirs that nobody has
	DigestHours []int         // on the person's clock, rising
}

// DefaultNoticePreferences hold for who has chosen none: somebody waits for an answer of the assignee, so that is told at
// once. What concerns a whole team would be a mail to each of its people for each ticket, most of which somebody else takes:
// it is gathered, so that nothing is overlooked by all of them either.
func DefaultNoticePreferences() NoticePreferences {
	return NoticePreferences{NewTicket: NoticeDigest, ReplyMine: NoticeMail, ReplyTeam: NoticeDigest, DigestHours: []int{8}}
}

// Check returns a fault Invalid that names every field that is wrong.
func (p NoticePreferences) Check() error {
	var fields []fault.Field
	add := func(path, reason, description string) {
		fields = append(fields, fault.Field{Path: "notice_preferences." + path, Reason: reason, Description: description})
	}
	for _, c := range []struct {
		path    string
		channel NoticeChannel
	}{{"new_ticket", p.NewTicket}, {"reply_mine", p.ReplyMine}, {"reply_team", p.ReplyTeam}} {
		if c.channel != NoticeMail && c.channel != NoticeDigest && c.channel != NoticeNone {
			add(c.path, "CHANNEL_UNKNOWN", "must be mail, digest or none")
		}
	}
	if len(p.DigestHours) == 0 {
		add("digest_hours", "REQUIRED", "must name an hour")
	}
	for i, h := range p.DigestHours {
		switch {
		case h < 0 || h > 23:
			add(fmt.Sprintf("digest_hours[%d]", i), "HOUR_INVALID", "must be from 0 to 23")
		case slices.Contains(p.DigestHours[:i], h):
			add(fmt.Sprintf("digest_hours[%d]", i), "REPEATED", "is there twice")
		}
	}
	return fault.InvalidFields(fields)
}

// NextDigest returns when the next digest is due: at the first of the hours after now in the zone.
func NextDigest(now time.Time, zone *time.Location, hours []int) time.Time {
	local := now.In(zone)
	var next time.Time
	for day := range 3 { // where clocks are changed an hour may not exist, and be over already
		for _, hour := range hours {
			at := time.Date(local.Year(), local.Month(), local.Day()+day, hour, 0, 0, 0, zone)
			if at.After(now) && (next.IsZero() || at.Before(next)) {
				next = at
			}
		}
	}
	return next
}
