package gateway

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// rawMailOf returns the id of a mail that came in, if a path is that of the mail as it came.
func rawMailOf(path string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/v1/inboundMails/")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(rest, "/raw")
}

func isRawMail(path string) bool {
	_, ok := rawMailOf(path)
	return ok
}

// rawMail sends a mail as it came, to be saved.
func (g *Gateway) rawMail(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context()) // ends the call, too, when only its beginning is asked for
	defer cancel()
	id, _ := rawMailOf(r.URL.Path)
	stream, err := g.inbound.DownloadInboundMail(ctx, &notificationv1.DownloadInboundMailRequest{InboundMail: id})
	var first *notificationv1.DownloadInboundMailResponse
	if err == nil {
		first, err = stream.Recv() // until then a refusal can still be a problem
	}
	mail := first.GetInboundMail()
	if err == nil && mail == nil {
		err = errDownloadMalformed()
	}
	if err != nil {
		g.problem(w, r, err)
		return
	}
	h := w.Header()
	// Nothing of the mail is in its file's name, which its sender could make look like another.
	secureDownload(h, "mail-"+mail.GetId()+".eml")
	h.Set("Content-Type", "message/rfc822")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.FormatInt(mail.GetSize(), 10))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		sendChunks(w, stream.Recv)
	}
}
