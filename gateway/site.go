package gateway

import (
	"encoding/json"
	"log/slog"
	"net/http"
)

// DemoLogin is somebody of a demo whom every visitor can be.
type DemoLogin struct {
	Name     string `json:"name"`
	Role     string `json:"role"` // for people
	Email    string `json:"email"`
	Password string `json:"password"`
}

// siteResponse is what the dashboard needs before anybody has logged in.
type siteResponse struct {
	// The mailbox of last resort, "" where there is none.
	EmergencyAddress string `json:"emergencyAddress"`
	// Whether the request came with a login session, which may have ended. Asking for oneself without one would be an error.
	HasSession bool        `json:"hasSession"`
	DemoLogins []DemoLogin `json:"demoLogins"` // of a demo only
}

// getSite tells the dashboard about this installation.
func (g *Gateway) getSite(w http.ResponseWriter, r *http.Request) {
	resp := siteResponse{EmergencyAddress: g.config.EmergencyAddress, HasSession: g.hasSession(r), DemoLogins: []DemoLogin{}}
	if g.demo != nil {
		logins, err := g.demo()
		if err != nil { // they can be typed
			g.logger.WarnContext(r.Context(), "the logins of the demo cannot be read", slog.Any("error", err))
		} else {
			resp.DemoLogins = logins
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(resp) // the client has gone
}

func (g *Gateway) hasSession(r *http.Request) bool {
	cookie, err := r.Cookie(g.cookieName())
	return err == nil && cookie.Value != ""
}
