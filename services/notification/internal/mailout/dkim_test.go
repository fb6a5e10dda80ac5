package mailout

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/stretchr/testify/require"
)

// kept is a transport that keeps the last message.
type kept struct{ message []byte }

func (k *kept) Send(_ context.Context, _ Envelope, message []byte) (string, error) {
	k.message = message
	return "250 kept", nil
}
func (k *kept) Close() {}

func pemOf(t *testing.T, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func TestSignedMailsVerifyAndChangedOnesDoNot(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	edPublic, edKey, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	rsaPublic, err := x509.MarshalPKIXPublicKey(rsaKey.Public())
	require.NoError(t, err)
	lookup := func(name string) ([]string, error) {
		switch name {
		case "r1._domainkey.desk.test":
			return []string{"v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(rsaPublic)}, nil
		case "e1._domainkey.desk.test":
			return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(edPublic)}, nil
		}
		return nil, errors.New("no such name")
	}
	var sent kept
	s := Signing{Transport: &sent}
	for selector, key := range map[string]crypto.Signer{"r1": rsaKey, "e1": edKey} {
		read, err := ParseDKIMKey(pemOf(t, key))
		require.NoError(t, err)
		s.Keys = append(s.Keys, DKIMKey{Domain: "desk.test", Selector: selector, Signer: read})
	}
	m := message()
	m.Root, m.Parent, m.Subject, m.Text = "r@desk.test", "p@desk.test", "Größe "+strings.Repeat("lang ", 60), ".\r\n..\n trailing \n\n\n"
	data, err := m.Bytes()
	require.NoError(t, err)
	answer, err := s.Send(t.Context(), Envelope{ID: "d"}, data)
	require.NoError(t, err)
	require.Equal(t, "250 kept", answer)

	valid := func(mail []byte) (n int) {
		found, err := dkim.VerifyWithOptions(bytes.NewReader(mail), &dkim.VerifyOptions{LookupTXT: lookup})
		require.NoError(t, err)
		require.Len(t, found, 2)
		for _, v := range found {
			require.Equal(t, "desk.test", v.Domain)
			if v.Err == nil {
				n++
			}
		}
		return n
	}
	require.Equal(t, 2, valid(sent.message))
	for _, line := range strings.Split(string(sent.message), "\r\n") {
		require.LessOrEqual(t, len(line), 998)
	}
	for _, added := range []string{
		"From: x@evil.test", "To: x@evil.test", "Subject: other", "Reply-To: x@evil.test", "Cc: x@evil.test", "Date: now", "Content-Type: text/plain",
		"Content-Transfer-Encoding: base64", "Auto-Submitted: no", "List-Unsubscribe: <https://evil.test>", "References: <x@evil.test>",
	} {
		require.Zero(t, valid(append([]byte(added+"\r\n"), sent.message...)), added)
	}
	require.Zero(t, valid(bytes.Replace(sent.message, []byte("<p>html</p>"), []byte("<p>htmL</p>"), 1)))
	require.Equal(t, 2, valid(append([]byte("Received: by a server on the way\r\n"), sent.message...)))
}

func TestKeysThatNobodyTrustsAreRefused(t *testing.T) {
	weak, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	good, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	_, err = ParseDKIMKey(pemOf(t, weak))
	require.ErrorContains(t, err, "needs 2048 bits, this one has 1024")
	for _, bad := range []string{"", "key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"} {
		_, err = ParseDKIMKey([]byte(bad))
		require.Error(t, err)
	}
	_, err = ParseDKIMKey(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(good)}))
	require.NoError(t, err)
}
