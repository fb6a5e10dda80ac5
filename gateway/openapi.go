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
