package mailout

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/emersion/go-msgauth/dkim"
)

// minRSABits is the shortest RSA key that signs: receivers ignore shorter ones.
const minRSABits = 2048

// signedFields are signed as often as they occur and once more, so that nobody can add another one without breaking the
// signature.
var signedFields = []string{
	"From", "From", "To", "To", "Subject", "Subject", "Date", "Date", "Message-ID", "Message-ID", "Reply-To", "Reply-To", "Cc",
	"In-Reply-To", "In-Reply-To", "References", "References", "MIME-Version", "MIME-Version", "Content-Type", "Content-Type",
	"Content-Transfer-Encoding", "Auto-Submitted", "Auto-Submitted", "List-Id", "List-Id", "List-Unsubscribe", "List-Unsubscribe",
	"List-Unsubscribe-Post", "List-Unsubscribe-Post",
}

// DKIMKey is a key whose public half is in DNS, at <Selector>._domainkey.<Domain>.
type DKIMKey struct {
	Domain, Selector string
	Signer           crypto.Signer
}

// ParseDKIMKey reads a private key: RSA of at least 2048 bits or Ed25519, in PEM.
func ParseDKIMKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("not a key in PEM")
	}
	var parsed any
	var err error
	if block.Type == "RSA PRIVATE KEY" {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	} else {
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, errors.New("not a private key that can be read") // the cause might quote it
	}
	switch key := parsed.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < minRSABits {
			return nil, fmt.Errorf("an RSA key needs %d bits, this one has %d", minRSABits, key.N.BitLen())
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("neither RSA nor Ed25519")
}

// Signing is a transport that signs mails with each of its keys (RFC 6376, RFC 8463) and hands them on.
type Signing struct {
	Transport
	Keys []DKIMKey
}

// Send implements Transport.
func (s Signing) Send(ctx context.Context, e Envelope, message []byte) (string, error) {
	var fields bytes.Buffer
	for _, key := range s.Keys {
		err := key.sign(&fields, message)
		if err != nil {
			return "", err
		}
	}
	return s.Transport.Send(ctx, e, append(fields.Bytes(), message...))
}

// sign writes the signature's field.
func (k DKIMKey) sign(fields *bytes.Buffer, message []byte) error {
	signer, err := dkim.NewSigner(&dkim.SignOptions{
		Domain: k.Domain, Selector: k.Selector, Signer: k.Signer, HeaderKeys: signedFields,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return fmt.Errorf("mailout: DKIM: %w", err)
	}
	_, err = signer.Write(message)
	if err = errors.Join(err, signer.Close()); err != nil {
		return fmt.Errorf("mailout: DKIM: %w", err)
	}
	fields.WriteString(signer.Signature())
	return nil
}
