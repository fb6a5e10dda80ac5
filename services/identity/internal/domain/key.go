package domain

import (
	"context"
	"crypto/ed25519"
	"sync"
	"time"

	"altis-dxp.com/support/pkg/fault"
)

const (
	keyPeriod = 30 * 24 * time.Hour
	// keyNotice is how long before its first use a key is published, so that every verifier has it by then.
	keyNotice = 24 * time.Hour
	// keyOverlap is how long a key may go on after the next began: for replicas that have not noticed.
	keyOverlap = time.Hour
	// keyRetention is how long a key is kept after its end. Tokens live ten minutes, and four hours in an outage.
	keyRetention = 24 * time.Hour
	// keyringLife is how long the keys in memory are used without reading them again.
	keyringLife = time.Minute

	housekeepEvery = time.Hour
	// RevocationLife is how long a revocation is kept: longer than any token is accepted, and than any service is away
	// without reading the whole directory again.
	RevocationLife = 24 * time.Hour
)

// SigningKey signs access tokens issued from NotBefore to NotAfter (zero: no bound yet).
type SigningKey struct {
	ID        string
	Public    ed25519.PublicKey
	Sealed    string // the private key as the Sealer made it
	NotBefore time.Time
	NotAfter  time.Time
}

// keyring holds the keys that were read last and the private keys that were opened.
type keyring struct {
	mu      sync.Mutex
	readAt  time.Time
	keys    []SigningKey
	private map[string][]byte
}

// signingKey returns the newest key that may sign at an instant, and makes the first key if there is none.
func (i *Identity) signingKey(ctx context.Context, at time.Time) (SigningKey, []byte, error) {
	i.keys.mu.Lock()
	defer i.keys.mu.Unlock()
	key, ok := activeKey(i.keys.keys, at)
	if age := at.Sub(i.keys.readAt); !ok || age < 0 || age > keyringLife {
		if err := i.readKeys(ctx, at); err != nil {
			return SigningKey{}, nil, err
		}
		if key, ok = activeKey(i.keys.keys, at); !ok {
			return SigningKey{}, nil, fault.New(fault.Unavailable, "KEYS_UNAVAILABLE", "no key may sign at the moment")
		}
	}
	if private, ok := i.keys.private[key.ID]; ok {
		return key, private, nil
	}
	private, err := i.Sealer.Open(key.ID, key.Sealed)
	if err != nil {
		return SigningKey{}, nil, err
	}
	i.keys.private = map[string][]byte{key.ID: private}
	return key, private, nil
}

func (i *Identity) readKeys(ctx context.Context, at time.Time) error {
	keys, err := i.Store.SigningKeys(ctx)
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		if err := i.Store.Change(ctx, i.rotate); err != nil {
			return err
		}
		if keys, err = i.Store.SigningKeys(ctx); err != nil {
			return err
		}
	}
	i.keys.keys, i.keys.readAt = keys, at
	return nil
}

// activeKey returns the last of keys, which are in order, that has begun.
func activeKey(keys []SigningKey, at time.Time) (SigningKey, bool) {
	for n := len(keys) - 1; n >= 0; n-- {
		if !keys[n].NotBefore.After(at) {
			return keys[n], true
		}
	}
	return SigningKey{}, false
}

// rotate makes the next key when its notice begins, the first one at once, and removes those long past. A key has no
// end before the next one exists, so that a late rotation stops nobody.
func (i *Identity) rotate(ctx context.Context, tx Tx) error {
	keys, err := tx.SigningKeys(ctx)
	if err != nil {
		return err
	}
	now := i.Now()
	for _, k := range keys {
		if !k.NotAfter.IsZero() && now.After(k.NotAfter.Add(keyRetention)) {
			if err := tx.RemoveKey(ctx, k); err != nil {
				return err
			}
		}
	}
	begin := now
	if len(keys) > 0 {
		newest := keys[len(keys)-1]
		if now.Before(newest.NotBefore.Add(keyPeriod - keyNotice)) {
			return nil
		}
		begin = now.Add(keyNotice)
		newest.NotAfter = begin.Add(keyOverlap)
		if err := tx.UpdateKey(ctx, newest); err != nil {
			return err
		}
	}
	private := ed25519.NewKeyFromSeed(i.Random(ed25519.SeedSize))
	k := SigningKey{ID: i.NewID(), Public: private.Public().(ed25519.PublicKey), NotBefore: begin}
	if k.Sealed, err = i.Sealer.Seal(k.ID, private); err != nil {
		return err
	}
	return tx.InsertKey(ctx, k)
}

// Housekeep rotates the keys, deletes what has expired, and has itself run again within the hour.
func (i *Identity) Housekeep(ctx context.Context) error {
	return i.Store.Change(ctx, func(ctx context.Context, tx Tx) error {
		if err := i.rotate(ctx, tx); err != nil {
			return err
		}
		now := i.Now()
		if err := tx.Prune(ctx, now, now.Add(-sessionIdle), now.Add(-sessionLife), now.Add(-RevocationLife)); err != nil {
			return err
		}
		return tx.HousekeepIn(ctx, housekeepEvery)
	})
}
