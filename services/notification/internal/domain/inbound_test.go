package domain

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestJudgeAnswer(t *testing.T) {
	good := InboundAnswer{Known: true, FromHolder: true}
	for _, tt := range []struct {
		name   string
		change func(*InboundAnswer)
		want   string
	}{
		{"of whom the address was given to", func(*InboundAnswer) {}, ""},
		{"of nobody known", func(a *InboundAnswer) { a.Known = false }, ReasonUnknown},
		{"of nobody known, released", func(a *InboundAnswer) { a.Known, a.Released = false, true }, ReasonUnknown},
		{"of somebody else", func(a *InboundAnswer) { a.FromHolder = false }, ReasonOtherSender},
		{"of somebody else who is verified", func(a *InboundAnswer) { a.FromHolder, a.Signed = false, true }, ReasonOtherSender},
		{"late", func(a *InboundAnswer) { a.Expired = true }, ReasonExpired},
		{"to the address of bounces", func(a *InboundAnswer) { a.ForBounces = true }, ReasonBounceAddress},
		{"of the staff", func(a *InboundAnswer) { a.Staff = true }, ReasonNotVerified},
		{"of a strict domain", func(a *InboundAnswer) { a.Strict = true }, ReasonNotVerified},
		{"of a strict domain, signed", func(a *InboundAnswer) { a.Strict, a.Signed = true, true }, ""},
		{"of a strict domain, by its server", func(a *InboundAnswer) { a.Strict, a.Sent = true, true }, ""},
		{"of the staff, signed", func(a *InboundAnswer) { a.Staff, a.Signed = true, true }, ""},
		{"of the staff, by the domain's server", func(a *InboundAnswer) { a.Staff, a.Sent = true, true }, ReasonNotVerified},
		{"one of many", func(a *InboundAnswer) { a.TooMany = ReasonTooMany }, ReasonTooMany},
		{"released", func(a *InboundAnswer) {
			*a = InboundAnswer{Known: true, Released: true, Expired: true, Staff: true, TooMany: ReasonTooMany}
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := good
			tt.change(&a)
			require.Equal(t, tt.want, JudgeAnswer(a))
		})
	}
}

func TestJudgeRequest(t *testing.T) {
	for _, tt := range []struct {
		name string
		r    InboundRequest
		want string
	}{
		{"of a customer", InboundRequest{Member: true, Verified: true}, ""},
		{"of a stranger", InboundRequest{}, ReasonUnknownSender},
		{"of a stranger whose domain vouches for them", InboundRequest{Verified: true}, ReasonUnknownSender},
		{"in the name of a customer", InboundRequest{Member: true}, ReasonNotVerified},
		{"one of many", InboundRequest{Member: true, Verified: true, TooMany: ReasonTooMany}, ReasonTooMany},
		{"released", InboundRequest{Released: true, TooMany: ReasonTooMany}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, JudgeRequest(tt.r)) })
	}
}

func TestWhatComesBackSuppresses(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name string
		r    Returned
		soft int
		want time.Duration
	}{
		{"no such address", Returned{Status: "5.1.1"}, 1, 30 * day},
		{"no such domain", Returned{Status: "5.4.4"}, 1, 30 * day},
		{"for good, no more is known", Returned{Status: "5.0.0"}, 1, 30 * day},
		{"a full mailbox", Returned{Status: "5.2.2"}, 1, 0},
		{"a mail that is too large", Returned{Status: "5.3.4"}, 1, 0},
		{"a policy about us", Returned{Status: "5.7.1"}, 1, 0},
		{"for now", Returned{Status: "4.2.1"}, 2, 0},
		{"for now, again and again", Returned{Status: "4.2.1"}, 3, 7 * day},
		{"nothing is known", Returned{}, 1, 0},
		{"unwanted", Returned{Complaint: true}, 0, 30 * day},
		{"told to an address that others know", Returned{Status: "5.1.1", Loose: true}, 5, 0},
		{"unwanted, told to an address that others know", Returned{Complaint: true, Loose: true}, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, d := tt.r.Suppress(tt.soft)
			require.Equal(t, tt.want, d)
		})
	}
	require.Equal(t, "came back: 5.1.1 no such user", Returned{Status: "5.1.1", Said: "no such user"}.Answer().Text())
	require.Equal(t, "came back: 550 5.1.1 no", Returned{Status: "5.1.1", Said: "550 5.1.1 no"}.Answer().Text())
}
