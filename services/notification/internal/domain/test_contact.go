package domain

import (
	"context"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

// TestInterval is the least time between two tests of a contact: it may be a pager that wakes somebody, or not the person's.
const TestInterval = 30 * time.Second

// ContactTest is what is sent to one contact and pages nobody: a test, or a code.
type ContactTest struct {
	ID      string // the webhook-id
	Contact Contact
	Secret  string
	To      Person // whom it reaches
	Tester  Person
	At      time.Time
	Code    string    // to be entered; "" = it is a test
	Expires time.Time // of the code
}

// ContactTester sends tests.
type ContactTester interface {
	// TestContact sends a test once, and returns what came of it.
	TestContact(ctx context.Context, t ContactTest) Attempt
}

// TestedTooSoon refuses a test that follows another one too soon.
func TestedTooSoon() error {
	f := fault.New(fault.Exhausted, "CONTACT_TESTED", "the contact was tested a moment ago: try again in half a minute")
	f.RetryAfter = TestInterval
	return f
}
