package notification_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification"
)

// TestMailsArePutOffWhileTheDatabaseIsFull: what was accepted is there, and of what was put off nothing. Only SQLite has a
// limit that a test can set; its error is that of a full disk.
func TestMailsArePutOffWhileTheDatabaseIsFull(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	w := setup(t, testkit.Database(t, sqldb.SQLite, "notification", notification.Migrations()...), notification.Config{
		ReplyDomain: "reply.desk.test", ReplyKeys: []string{"1:" + base64.StdEncoding.EncodeToString(make([]byte, 32))},
		MailListen: "127.0.0.1:0", MailSupportAddress: supportAddress, MailBlob: "file://" + folder, MailRetry: 50 * time.Millisecond,
	})
	allow := func(pages int) {
		require.NoError(t, w.db.Update(t.Context(), sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
			var allowed int
			return tx.QueryRowContext(ctx, fmt.Sprint("PRAGMA max_page_count = ", pages)).Scan(&allowed)
		}))
	}
	send := func(i int) error {
		return w.mail("mia@shop.test", supportAddress, askOf("mia@shop.test", fmt.Sprint("full", i), strings.Repeat("long ", 80), "Hello"))
	}
	files := func() (n int) {
		require.NoError(t, filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() {
				n++
			}
			return err
		}))
		return n
	}
	allow(1) // what it has already it keeps
	accepted := 0
	var refused *smtp.SMTPError
	for ; refused == nil; accepted++ {
		require.Less(t, accepted, 1000)
		if err := send(accepted); err != nil {
			require.ErrorAs(t, err, &refused)
			break
		}
	}
	require.Equal(t, 452, refused.Code, refused.Message)
	require.Equal(t, smtp.EnhancedCode{4, 3, 1}, refused.EnhancedCode)
	require.Equal(t, accepted, files())
	allow(1_000_000)
	require.NoError(t, send(accepted), "its server tries again")
	w.examined(accepted + 1)
	require.Equal(t, accepted+1, files())
}
