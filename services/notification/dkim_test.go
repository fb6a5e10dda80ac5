package notification_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification"
)

func TestMailsAreSignedByTheDomain(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "key.pem")
	require.NoError(t, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
	testkit.Databases(t, "notification", func(t *testing.T, db sqldb.Config) {
		smtp := testkit.SMTPSink(t)
		w := setup(t, db, notification.Config{
			SMTPAddr: smtp.Addr, DKIMDomain: "desk.test", DKIMKeys: []string{"s1:" + file}, NoReceipts: true,
			ReplyDomain: "reply.desk.test", ReplyKeys: []string{"1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))},
		})
		verify := func(data []byte) *dkim.Verification {
			t.Helper()
			found, err := dkim.VerifyWithOptions(bytes.NewReader(data), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
				require.Equal(t, "s1._domainkey.desk.test", name)
				return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
			}})
			require.NoError(t, err)
			require.Len(t, found, 1)
			return found[0]
		}
		w.deliver(1, replied(question(7), "m1", adaOnTicket, "As big as you like."))
		for _, m := range received(t, smtp, 2) {
			require.NoError(t, verify(m.Data).Err)
			require.Equal(t, "desk.test", verify(m.Data).Domain)
			if m.To[0] != "noa@shop.test" {
				continue
			}
			for _, field := range []string{"List-Unsubscribe: <https://desk.test/", "List-Unsubscribe-Post: List-Unsubscribe="} {
				changed := bytes.Replace(m.Data, []byte(field), []byte(field+"x"), 1)
				require.NotEqual(t, m.Data, changed)
				require.Error(t, verify(changed).Err, "nobody makes a CC visit another page")
			}
		}
	}, notification.Migrations()...)
}

func TestSignaturesThatNobodyWouldCountAreRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		domain, from, says string
		keys               []string
	}{
		{domain: "desk.test", from: "support@mail.Desk.test", keys: []string{"s:f", "t:f"}},
		{keys: []string{"s:f"}, says: "is needed for --dkim-keys"},
		{domain: "desk.test", from: "support@desk.test", says: "needs one to 2 --dkim-keys"},
		{domain: "desk.test", from: "support@desk.test", keys: []string{"s:f", "t:f", "u:f"}, says: "needs one to 2 --dkim-keys"},
		{domain: "desk.test", from: "support@otherdesk.test", keys: []string{"s:f"}, says: "must be the domain of --mail-from"},
		{domain: "mail.desk.test", from: "support@desk.test", keys: []string{"s:f"}, says: "must be the domain of --mail-from"},
		{domain: "desk.test", from: "support@desk.test", keys: []string{"s"}, says: "is not selector:file"},
		{domain: "desk.test", from: "support@desk.test", keys: []string{":f"}, says: "is not selector:file"},
	} {
		err := notification.Config{DKIMDomain: tt.domain, MailFrom: tt.from, DKIMKeys: tt.keys}.Validate()
		if tt.says == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, tt.says)
	}
}
