package gateway

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/auth"
	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

var rawMail = "From: eve@evil.test\r\n\r\n" + strings.Repeat("<script>alert(1)</script>\r\n", 100)

// DownloadInboundMail knows the mail m1, and m2 that breaks off.
func (f *fakeCopies) DownloadInboundMail(req *notificationv1.DownloadInboundMailRequest, stream notificationv1.MailService_DownloadInboundMailServer) error {
	id := req.GetInboundMail()
	if id != "m1" && id != "m2" {
		return fault.New(fault.NotFound, "MAIL_FORGOTTEN", "the mail itself is not there any more")
	}
	mail := &notificationv1.InboundMail{Id: id, Subject: "\u202efdp.exe", Size: int64(len(rawMail))}
	err := stream.Send(&notificationv1.DownloadInboundMailResponse{Part: &notificationv1.DownloadInboundMailResponse_InboundMail{InboundMail: mail}})
	for _, part := range []string{rawMail[:1000], rawMail[1000:]} {
		if err == nil {
			err = stream.Send(&notificationv1.DownloadInboundMailResponse{Part: &notificationv1.DownloadInboundMailResponse_Chunk{Chunk: []byte(part)}})
		}
		if err == nil && id == "m2" {
			err = fault.New(fault.Unavailable, "GONE", "gone")
		}
	}
	return err
}

func TestAMailIsDownloadedAsItCame(t *testing.T) {
	w := setup(t)
	now := w.clock.Now()
	token, err := w.identity.signer.Sign(auth.User{ID: "cem", Staff: true, Role: auth.RoleAgent, SessionID: "s", IssuedAt: now, ExpiresAt: now.Add(time.Minute)})
	require.NoError(t, err)
	staff := bearer(token)
	a := w.call(http.MethodGet, "/v1/inboundMails/m1/raw", "", staff)
	require.Equal(t, 200, a.StatusCode, a.body)
	require.Equal(t, rawMail, a.body)
	safe := map[string]string{
		"Content-Type": "message/rfc822", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
		"Content-Security-Policy": "sandbox; default-src 'none'", "Cross-Origin-Resource-Policy": "same-origin",
		"Content-Disposition": `attachment; filename="mail-m1.eml"; filename*=UTF-8''mail-m1.eml`,
	}
	for name, want := range safe {
		require.Equal(t, want, a.Header.Get(name), name)
	}
	a = w.call(http.MethodHead, "/v1/inboundMails/m1/raw", "", staff)
	require.Equal(t, 200, a.StatusCode)
	require.EqualValues(t, len(rawMail), a.ContentLength)
	require.Empty(t, a.body)

	a = w.call(http.MethodGet, "/v1/inboundMails/m3/raw", "", staff)
	require.Equal(t, 404, a.StatusCode)
	require.Equal(t, "MAIL_FORGOTTEN", a.problem.Reason)
	require.Empty(t, a.Header.Get("Content-Disposition"))
	require.Equal(t, 401, w.call(http.MethodGet, "/v1/inboundMails/m1/raw", "", anonymous).StatusCode)
	require.Equal(t, 405, w.call(http.MethodPost, "/v1/inboundMails/m1/raw", "{}").StatusCode)
	require.Equal(t, 403, w.call(http.MethodGet, "/v1/inboundMails/m1/raw", "").StatusCode, "a customer")

	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/v1/inboundMails/m2/raw", nil)
	require.NoError(t, err)
	staff(r)
	resp, err := w.client.Do(r)
	if err == nil {
		_, err = io.ReadAll(resp.Body)
		err = errors.Join(err, resp.Body.Close())
	}
	require.Error(t, err, "part of a mail does not look like all of it")
}
