// Package ical writes calendars as calendar programs read them (RFC 5545).
package ical

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Type is the media type of calendars.
const Type = "text/calendar; charset=utf-8"

// maxLine is how long a line may be, in octets and without its end; what follows goes on the next one, behind a space.
const maxLine = 75

const utc = "20060102T150405Z"

// Calendar is what a feed shows.
type Calendar struct {
	Name   string
	Stamp  time.Time // when it was made
	Events []Event
}

// Event is something that takes its time.
type Event struct {
	UID        string // the same as long as it is the same event
	Start, End time.Time
	Summary    string
}

// String is the calendar as text.
func (c Calendar) String() string {
	var w writer
	w.line("BEGIN:VCALENDAR")
	w.line("VERSION:2.0")
	w.line("PRODID:-//Altis//Altis Support//EN")
	w.line("CALSCALE:GREGORIAN")
	w.line("METHOD:PUBLISH")
	w.line("X-WR-CALNAME:" + escape(c.Name))
	w.line("REFRESH-INTERVAL;VALUE=DURATION:PT1H")
	w.line("X-PUBLISHED-TTL:PT1H")
	for _, e := range c.Events {
		w.line("BEGIN:VEVENT")
		w.line("UID:" + escape(e.UID))
		w.line("DTSTAMP:" + c.Stamp.UTC().Format(utc))
		w.line("DTSTART:" + e.Start.UTC().Format(utc))
		w.line("DTEND:" + e.End.UTC().Format(utc))
		w.line("SUMMARY:" + escape(e.Summary))
		w.line("TRANSP:TRANSPARENT") // on call is not busy
		w.line("END:VEVENT")
	}
	w.line("END:VCALENDAR")
	return w.String()
}

type writer struct{ strings.Builder }

// line writes a content line, folded between characters.
func (w *writer) line(text string) {
	room := maxLine
	for len(text) > room {
		cut := room
		for !utf8.RuneStart(text[cut]) {
			cut--
		}
		w.WriteString(text[:cut] + "\r\n ")
		text, room = text[cut:], maxLine-1
	}
	w.WriteString(text + "\r\n")
}

// escape writes a text value. Control characters have no place in one.
func escape(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\r\n", "\n")
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' && r != '\t' || r == 0x7f:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
