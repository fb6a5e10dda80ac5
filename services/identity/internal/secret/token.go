package secret

import (
	"time"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// Tokens implements domain.TokenMaker.
type Tokens struct{}

// Make returns the access token of a person.
func (Tokens) Make(key domain.SigningKey, private []byte, p domain.Person, credential, tokenID string, issuedAt, expiresAt time.Time) (string, error) {
	signer, err := auth.NewSigner(key.ID, private)
	if err != nil {
		return "", err
	}
	return signer.Sign(auth.User{
		ID: p.ID, Staff: p.Staff(), Organization: p.Organization, Role: auth.Role(p.Role),
		SessionID: credential, TokenID: tokenID, IssuedAt: issuedAt, ExpiresAt: expiresAt,
	})
}
