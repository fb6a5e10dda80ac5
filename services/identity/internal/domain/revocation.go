package domain

import (
	"context"
	"time"
)

// Revocation ends access tokens before their time.
type Revocation struct {
	ID           string
	Person       string
	Credential   string    // login session or API token; "" = all of the person's
	IssuedBefore time.Time // of a person's revocation: tokens issued from here on are fine
}

// revocationMargin is how far a person's revocation reaches into the future. An exchange that read the person just
// before the change committed, here or on a replica whose clock is ahead, issues its token within the margin and so
// loses it. One that read the person after the change issues from TokensFrom on. Verifiers accept tokens from
// 30 seconds ahead.
const revocationMargin = 2 * time.Second

// revokeAll ends all access tokens that the person has; credentials can make new ones.
func (i *Identity) revokeAll(ctx context.Context, tx Tx, p *Person) error {
	p.TokensFrom = i.Now().Add(revocationMargin)
	return tx.Revoke(ctx, Revocation{ID: i.NewID(), Person: p.ID, IssuedBefore: p.TokensFrom})
}

// revoke ends the access tokens of one credential, which is gone for ever.
func (i *Identity) revoke(ctx context.Context, tx Tx, person, credential string) error {
	return tx.Revoke(ctx, Revocation{ID: i.NewID(), Person: person, Credential: credential, IssuedBefore: i.Now()})
}
