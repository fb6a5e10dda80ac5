package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"altis-dxp.com/support/pkg/fault"
	"github.com/stretchr/testify/require"
)

func TestKindAndReason(t *testing.T) {
	notFound := fault.New(fault.NotFound, "TICKET_NOT_FOUND", "no ticket 7")
	for _, c := range []struct {
		name   string
		err    error
		kind   fault.Kind
		reason string
	}{
		{name: "nothing", err: nil, kind: fault.Internal},
		{name: "unknown", err: context.Canceled, kind: fault.Internal},
		{name: "fault", err: notFound, kind: fault.NotFound, reason: "TICKET_NOT_FOUND"},
		{name: "wrapped fault", err: fmt.Errorf("get: %w", notFound), kind: fault.NotFound, reason: "TICKET_NOT_FOUND"},
		{name: "outermost wins", err: fault.Wrap(fault.Unavailable, "PEER", notFound), kind: fault.Unavailable, reason: "PEER"},
		{name: "bare kind", err: fmt.Errorf("x: %w", fault.Denied), kind: fault.Denied},
		{name: "joined", err: errors.Join(context.Canceled, notFound), kind: fault.NotFound, reason: "TICKET_NOT_FOUND"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.kind, fault.KindOf(c.err))
			require.Equal(t, c.reason, fault.ReasonOf(c.err))
			if c.kind != fault.Internal {
				require.ErrorIs(t, c.err, c.kind)
			}
			require.NotErrorIs(t, c.err, fault.Exhausted)
		})
	}
}

func TestKindsHaveSentences(t *testing.T) {
	seen := map[string]fault.Kind{}
	for k := fault.Internal; k <= fault.Unavailable; k++ {
		other, dup := seen[k.Error()]
		require.Falsef(t, dup, "kinds %d and %d say the same", k, other)
		seen[k.Error()] = k
	}
}

func TestWrapKeepsTheCauseForTheLogOnly(t *testing.T) {
	cause := errors.New("dial tcp 10.0.0.7: password=hunter2")
	err := fault.Wrap(fault.Unavailable, "DATABASE_UNAVAILABLE", cause)
	require.Equal(t, "temporarily unavailable", err.Public())
	require.Equal(t, "temporarily unavailable: dial tcp 10.0.0.7: password=hunter2", err.Error())
	require.ErrorIs(t, err, cause)
}

func TestPublicWithoutMessageIsTheKindsSentence(t *testing.T) {
	require.Equal(t, "not allowed", (&fault.Error{Kind: fault.Denied}).Public())
}

func TestWithCopies(t *testing.T) {
	base := fault.Newf(fault.Exists, "REQUEST_ID_REUSED", "request %q was another one", "r1").With("method", "create")
	a, b := base.With("id", "a"), base.With("id", "b")
	require.Equal(t, `request "r1" was another one`, base.Msg)
	require.Equal(t, map[string]string{"method": "create"}, base.Meta)
	require.Equal(t, map[string]string{"method": "create", "id": "a"}, a.Meta)
	require.Equal(t, map[string]string{"method": "create", "id": "b"}, b.Meta)
}

func TestInvalidFields(t *testing.T) {
	require.NoError(t, fault.InvalidFields(nil))

	err := fault.InvalidFields([]fault.Field{
		{Path: "ticket.subject", Reason: "REQUIRED", Description: "must not be empty"},
		{Description: "must name a ticket"},
	})
	require.ErrorIs(t, err, fault.Invalid)
	require.EqualError(t, err, "ticket.subject: must not be empty; must name a ticket")
	require.Equal(t, fault.ReasonInvalidField, fault.ReasonOf(err))

	one := fault.InvalidField("ccs[3]", "EMAIL", "must be an address")
	require.Equal(t, []fault.Field{{Path: "ccs[3]", Reason: "EMAIL", Description: "must be an address"}}, one.Fields)
	require.Equal(t, "ccs[3]: must be an address", one.Msg)
}
