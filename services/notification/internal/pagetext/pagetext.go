// Package pagetext puts notices into words, for channels that show people text instead of data.
package pagetext

import (
	"fmt"
	"strings"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// Content is what a message tells: exactly one of these.
type Content struct {
	Notice *notificationv1.PageNotice
	Bundle *notificationv1.PageBundleNotice
	Test   string // of a message that only tries whether it arrives
}

// Title is the content in one line.
func (c Content) Title() string {
	switch {
	case c.Notice != nil:
		return c.Notice.GetTitle()
	case c.Bundle != nil:
		return c.Bundle.GetTitle()
	}
	return c.Test
}

// Details are what an engineer wants to read before the first click.
func (c Content) Details() []Detail {
	switch {
	case c.Notice != nil:
		return Details(c.Notice)
	case c.Bundle != nil:
		return []Detail{{"pages", strings.Join(Pages(c.Bundle), "\n")}}
	}
	return nil
}

// Links are where to go from there; the first acknowledges.
func (c Content) Links() (links []Link) {
	switch {
	case c.Notice != nil:
		links = append(links, Link{"Acknowledge", c.Notice.GetAcknowledgeUrl()})
		if c.Notice.GetTicketUrl() != "" {
			links = append(links, Link{fmt.Sprintf("Ticket #%d", c.Notice.GetTicket()), c.Notice.GetTicketUrl()})
		}
	case c.Bundle != nil:
		links = append(links, Link{"Acknowledge", c.Bundle.GetAcknowledgeUrl()}, Link{"All open pages", c.Bundle.GetPagesUrl()})
	}
	return links
}

// Detail is one thing to know.
type Detail struct{ Name, Text string }

// Link is a place to go.
type Link struct{ Text, URL string }

// Details are those of a page.
func Details(n *notificationv1.PageNotice) (details []Detail) {
	var others []string
	for _, p := range n.GetAlsoPaged() {
		others = append(others, p.GetName())
	}
	unchecked := ""
	if !n.GetVerified() {
		unchecked = "the applications were not checked against the organization's"
	}
	for _, d := range []Detail{
		{"impact", n.GetImpact()},
		{"description", n.GetExcerpt()},
		{"reason", n.GetReason()},
		{"requester", n.GetRequester().GetName()},
		{"call back", n.GetCallbackNumber()},
		{"not verified", unchecked},
		{"why", n.GetWhy()},
		{"step", fmt.Sprintf("%d, round %d", n.GetStep(), n.GetLoop())},
		{"also paged", strings.Join(others, ", ")},
	} {
		if d.Text != "" {
			details = append(details, d)
		}
	}
	return details
}

// maxNamed bounds the pages that are named: they are for reading.
const maxNamed = 50

// Pages are those of a bundle, a line each.
func Pages(n *notificationv1.PageBundleNotice) (lines []string) {
	for _, p := range n.GetPages()[:min(len(n.GetPages()), maxNamed)] {
		lines = append(lines, fmt.Sprintf("#%d %s", p.GetTicket(), p.GetTitle()))
	}
	if more := len(n.GetPages()) - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", more))
	}
	return lines
}

// Cut returns the beginning of a text, of so many characters at most.
func Cut(s string, most int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), most)])
}
