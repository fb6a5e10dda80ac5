package auth_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
)

func TestExpiryAndGrace(t *testing.T) {
	const expiry = auth.MaxLifetime
	for _, c := range []struct {
		name      string
		after     time.Duration // now, from the issue of the token
		away      time.Duration // since identity was last reached
		never     bool          // identity was never reached by this process
		grace     bool
		revoked   bool
		reason    string
		graced    bool
		wantValid bool
	}{
		{name: "fresh", after: time.Minute, wantValid: true},
		{name: "last microsecond", after: expiry - time.Microsecond, wantValid: true},
		{name: "expired", after: expiry, reason: "TOKEN_EXPIRED"},
		{name: "expired, identity away, no grace for the method", after: expiry, away: time.Hour, reason: "TOKEN_EXPIRED"},
		{name: "expired, identity there", after: expiry, grace: true, reason: "TOKEN_EXPIRED"},
		{name: "expired, identity away for 30 s", after: expiry, away: 30 * time.Second, grace: true, reason: "TOKEN_EXPIRED"},
		{name: "expired, identity away longer", after: expiry, away: 31 * time.Second, grace: true, graced: true, wantValid: true},
		{name: "expired, identity never reached", after: expiry, never: true, grace: true, graced: true, wantValid: true},
		{name: "grace is not used without need", after: time.Minute, away: time.Hour, grace: true, wantValid: true},
		{name: "end of grace", after: expiry + 4*time.Hour, away: 5 * time.Hour, grace: true, reason: "TOKEN_EXPIRED"},
		{name: "just before it", after: expiry + 4*time.Hour - time.Second, away: 5 * time.Hour, grace: true, graced: true, wantValid: true},
		{name: "revoked", after: time.Minute, revoked: true, reason: "TOKEN_REVOKED"},
		{name: "revoked in grace", after: time.Hour, away: time.Hour, grace: true, revoked: true, reason: "TOKEN_REVOKED"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := setup(t)
			token := f.sign(t, member())
			*f.now = noon.Add(c.after)
			f.source.reachedAt = f.now.Add(-c.away)
			if c.never {
				f.source.reachedAt = time.Time{}
			}
			if c.revoked {
				f.source.revocations = []auth.Revocation{{Subject: "p1", Session: "s1"}}
			}
			u, err := f.verifier.Verify(t.Context(), token, c.grace)
			if !c.wantValid {
				require.ErrorIs(t, err, fault.Unauthenticated)
				require.Equal(t, c.reason, fault.ReasonOf(err))
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.graced, u.Graced)
			require.NoError(t, f.verifier.Recheck(u, c.grace))
		})
	}
}

func TestRevocations(t *testing.T) {
	for _, c := range []struct {
		name        string
		revocations []auth.Revocation
		revoked     bool
	}{
		{name: "none"},
		{name: "this session", revocations: []auth.Revocation{{Subject: "p1", Session: "s1", IssuedBefore: noon.Add(-time.Hour)}}, revoked: true},
		{name: "another session", revocations: []auth.Revocation{{Subject: "p1", Session: "s2", IssuedBefore: noon.Add(time.Hour)}}},
		{name: "the person, later", revocations: []auth.Revocation{{Subject: "p1", IssuedBefore: noon.Add(time.Microsecond)}}, revoked: true},
		{name: "the person, before the new login", revocations: []auth.Revocation{{Subject: "p1", IssuedBefore: noon}}},
		{
			name: "the latest of two counts",
			revocations: []auth.Revocation{
				{Subject: "p1", IssuedBefore: noon.Add(time.Minute)}, {Subject: "p1", IssuedBefore: noon.Add(-time.Minute)},
			},
			revoked: true,
		},
		{name: "another person", revocations: []auth.Revocation{{Subject: "p2", IssuedBefore: noon.Add(time.Hour)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := setup(t)
			f.source.revocations = c.revocations
			_, err := f.verifier.Verify(t.Context(), f.sign(t, member()), false)
			if c.revoked {
				require.Equal(t, "TOKEN_REVOKED", fault.ReasonOf(err))
				return
			}
			require.NoError(t, err)
			require.WithinRange(t, f.source.since, noon.Add(-5*time.Hour), noon.Add(-4*time.Hour-auth.MaxLifetime),
				"revocations are read as far back as grace can reach")
		})
	}
}

func TestKeyTimes(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after time.Time
		valid         bool
	}{
		{name: "always", valid: true},
		{name: "in its time", before: noon.Add(-time.Hour), after: noon.Add(time.Hour), valid: true},
		{name: "clocks differ a little", before: noon.Add(20 * time.Second), valid: true},
		{name: "not yet in use", before: noon.Add(time.Minute)},
		{name: "retired", after: noon.Add(-time.Second)},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := setup(t)
			f.source.keys[0].NotBefore, f.source.keys[0].NotAfter = c.before, c.after
			_, err := f.verifier.Verify(t.Context(), f.sign(t, member()), false)
			if c.valid {
				require.NoError(t, err)
				return
			}
			require.Equal(t, "TOKEN_INVALID", fault.ReasonOf(err))
		})
	}
}

// A token that was right once is not checked in full again; what may change in between is.
func TestRememberedTokens(t *testing.T) {
	other, _ := newKey(t)
	for _, c := range []struct {
		name   string
		change func(*source)
		reason string
	}{
		{name: "nothing changed", change: func(*source) {}},
		{name: "key withdrawn", change: func(s *source) { s.keys = nil }, reason: "TOKEN_INVALID"},
		{name: "key replaced", change: func(s *source) { s.keys = []auth.Key{{ID: "k1", Public: other}} }, reason: "TOKEN_INVALID"},
		{
			name: "key retired before the token's issue",
			change: func(s *source) {
				s.keys = []auth.Key{{ID: "k1", Public: s.keys[0].Public, NotAfter: noon.Add(-time.Hour)}}
			},
			reason: "TOKEN_INVALID",
		},
		{
			name:   "revoked",
			change: func(s *source) { s.revocations = []auth.Revocation{{Subject: "p1", Session: "s1"}} },
			reason: "TOKEN_REVOKED",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := setup(t)
			token := f.sign(t, member())
			first, err := f.verifier.Verify(t.Context(), token, false)
			require.NoError(t, err)
			f.source.set(c.change)
			synctest.Test(t, func(t *testing.T) {
				ctx, stop := context.WithCancel(t.Context())
				stopped := make(chan error, 1)
				go func() { stopped <- f.verifier.Run(ctx) }()
				synctest.Wait() // it has read once
				stop()
				require.NoError(t, <-stopped)
			})
			second, err := f.verifier.Verify(t.Context(), token, false)
			require.Equal(t, c.reason, fault.ReasonOf(err))
			if c.reason == "" {
				require.Equal(t, first, second)
				require.NotSame(t, first, second)
			}
		})
	}
}

func TestUnknownKeyIsLookedForOnce(t *testing.T) {
	f := setup(t)
	_, err := f.verifier.Verify(t.Context(), f.sign(t, member()), false)
	require.NoError(t, err)
	require.Equal(t, 1, f.source.readCount())

	public, private := newKey(t)
	signer, err := auth.NewSigner("k2", private)
	require.NoError(t, err)
	token, err := signer.Sign(member())
	require.NoError(t, err)

	*f.now = f.now.Add(time.Second)
	for range 100 { // a flood of unknown keys is no flood of reads
		_, err = f.verifier.Verify(t.Context(), token, false)
		require.Equal(t, "TOKEN_INVALID", fault.ReasonOf(err))
	}
	require.Equal(t, 2, f.source.readCount())

	f.source.set(func(s *source) { s.keys = append(s.keys, auth.Key{ID: "k2", Public: public}) })
	*f.now = f.now.Add(time.Second)
	_, err = f.verifier.Verify(t.Context(), token, false)
	require.NoError(t, err)
}

func TestSourceFails(t *testing.T) {
	f := setup(t)
	token := f.sign(t, member())
	f.source.fail = errDown
	_, err := f.verifier.Verify(t.Context(), token, false)
	require.ErrorIs(t, err, fault.Unavailable, "without any key nobody can be refused for good")
	require.Equal(t, "KEYS_UNAVAILABLE", fault.ReasonOf(err))

	f.source.fail = nil
	*f.now = f.now.Add(time.Second)
	_, err = f.verifier.Verify(t.Context(), token, false)
	require.NoError(t, err)

	f.source.fail = errDown
	_, err = f.verifier.Verify(t.Context(), token, false)
	require.NoError(t, err, "what was read before still holds")
}

func TestVerifyGivesUpWithItsCaller(t *testing.T) {
	f := setup(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f.source.fail = ctx.Err()
	_, err := f.verifier.Verify(ctx, f.sign(t, member()), false)
	require.ErrorIs(t, err, fault.Unavailable)
}

func TestRunNoticesRevocationsWithinTwoSeconds(t *testing.T) {
	f := setup(t)
	synctest.Test(t, func(t *testing.T) {
		v := auth.NewVerifier(f.source, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		stopped := make(chan error, 1)
		go func() { stopped <- v.Run(ctx) }()
		u, err := v.Verify(ctx, f.sign(t, member()), false)
		require.NoError(t, err)

		f.source.set(func(s *source) { s.fail = errDown })
		<-time.After(5 * time.Second) // of the bubble's clock
		require.NoError(t, v.Recheck(u, false))

		f.source.set(func(s *source) {
			s.fail = nil
			s.revocations = []auth.Revocation{{Subject: "p1", Session: "s1"}}
		})
		<-time.After(2 * time.Second)
		require.Equal(t, "TOKEN_REVOKED", fault.ReasonOf(v.Recheck(u, false)))
		_, err = v.Verify(ctx, f.sign(t, member()), false)
		require.Equal(t, "TOKEN_REVOKED", fault.ReasonOf(err))

		stop()
		require.NoError(t, <-stopped)
	})
}

// hesitant is a source that answers the first time only when it may go on.
type hesitant struct {
	*source
	answered    atomic.Bool
	asked, goOn chan struct{}
}

func (h *hesitant) Keys(ctx context.Context) ([]auth.Key, error) {
	keys, err := h.source.Keys(ctx)
	if h.answered.CompareAndSwap(false, true) {
		close(h.asked)
		<-h.goOn
	}
	return keys, err
}

func TestOneReadAtATime(t *testing.T) {
	f := setup(t)
	keys := f.source.keys
	f.source.keys = nil
	synctest.Test(t, func(t *testing.T) {
		slow := &hesitant{source: f.source, asked: make(chan struct{}), goOn: make(chan struct{})}
		v := auth.NewVerifier(slow, func() time.Time { return noon }, slog.New(slog.DiscardHandler))
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		stopped := make(chan error, 1)
		go func() { stopped <- v.Run(ctx) }()
		<-slow.asked

		f.source.set(func(s *source) { s.keys = keys })
		token := f.sign(t, member())
		verified := make(chan error, 1)
		go func() {
			_, err := v.Verify(ctx, token, false)
			verified <- err
		}()
		synctest.Wait()
		require.Empty(t, verified, "it has looked before the read that goes on, which would replace what it found")
		close(slow.goOn)
		require.NoError(t, <-verified)
		synctest.Wait()
		_, err := v.Verify(ctx, token, false)
		require.NoError(t, err, "the key is still known")

		stop()
		require.NoError(t, <-stopped)
	})
}

func BenchmarkVerify(b *testing.B) {
	f := setup(b)
	token := f.sign(b, member())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := f.verifier.Verify(b.Context(), token, false); err != nil {
			b.Fatal(err)
		}
	}
}
