package mailout_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/mailout"
)

func TestWhichRefusalsAreAboutTheRecipient(t *testing.T) {
	sink := testkit.SMTPSink(t)
	client, err := mailout.NewSMTP(mailout.SMTPConfig{Addr: sink.Addr, Hello: "desk.test", TLS: mailout.TLSAuto})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	for _, test := range []struct {
		code, subject, detail int
		gone                  bool
	}{
		{550, 1, 1, true},
		{550, 1, 2, true},
		{553, 1, 3, true},
		{550, 1, 6, true},
		{556, 1, 10, true},
		{550, 1, 0, false},
		{553, 1, 7, false}, // our sender
		{550, 1, 8, false}, // its domain
		{552, 2, 2, false}, // full
		{550, 2, 1, false}, // disabled
		{554, 7, 1, false}, // a policy, perhaps about us
	} {
		t.Run(fmt.Sprintf("%d 5.%d.%d", test.code, test.subject, test.detail), func(t *testing.T) {
			sink.RefuseAs("noa@shop.test", test.code, test.subject, test.detail)
			_, err := client.Send(t.Context(), mailout.Envelope{From: "support@desk.test", To: "noa@shop.test"}, []byte("Subject: x\r\n\r\nx\r\n"))
			no, ok := errors.AsType[*mailout.Refused](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, test.gone, no.Gone)
		})
	}
	sink.RefuseAs("noa@shop.test", 450, 1, 1)
	_, err = client.Send(t.Context(), mailout.Envelope{From: "support@desk.test", To: "noa@shop.test"}, []byte("Subject: x\r\n\r\nx\r\n"))
	_, refused := errors.AsType[*mailout.Refused](err)
	require.False(t, refused, "for now only")
}
