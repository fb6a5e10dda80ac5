package secret

import (
	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/services/identity/internal/domain"
)

// Tokens implements domain.TokenMaker.
type Tokens struct{}

// Make returns the signed text of an access token.
func (Tokens) Make(key domain.SigningKey, private []byte, t domain.AccessToken) (string, error) {
	signer, err := auth.NewSigner(key.ID, private)
	if err != nil {
		return "", err
	}
	return signer.Sign(auth.User{
		ID: t.Person.ID, Staff: t.Person.Staff(), Organization: t.Person.Organization, Role: auth.Role(t.Person.Role),
		SessionID: t.Credential, TokenID: t.ID, Scopes: t.Scopes, IssuedAt: t.IssuedAt, ExpiresAt: t.ExpiresAt,
	})
}
