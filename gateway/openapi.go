package gateway

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"altis-dxp.com/support/proto"
)

// openAPI serves the document that clients are generated from.
func (g *Gateway) openAPI(w http.ResponseWriter, r *http.Request) {
	sum := sha256.Sum256(proto.OpenAPI)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("ETag", `"`+hex.EncodeToString(sum[:8])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(proto.OpenAPI))
}

const frontPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Altis Support</title>
<h1>Altis Support</h1>
<p>This address serves the REST API under <code>/v1</code>. It is described by <a href="/openapi.json">/openapi.json</a>.</p>
</html>
`

// front is for whoever opens the address in a browser.
func (g *Gateway) front(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader([]byte(frontPage)))
}
