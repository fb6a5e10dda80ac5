package gateway

import (
	"encoding/json"
	"net/http"
	"time"

	"google.golang.org/protobuf/encoding/protojson"

	"altis-dxp.com/support/pkg/fault"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

// cookieName is bound to the host by its prefix, which browsers accept under HTTPS only.
func (g *Gateway) cookieName() string {
	if g.config.PlainHTTP {
		return "altis"
	}
	return "__Host-altis"
}

// setCookie keeps a session in the browser until it expires; an instant that is over takes the cookie away.
func (g *Gateway) setCookie(w http.ResponseWriter, session string, expires time.Time) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // not Secure only where there is no https
		Name: g.cookieName(), Value: session, Path: "/", Expires: expires,
		HttpOnly: true, Secure: !g.config.PlainHTTP, SameSite: http.SameSiteLaxMode,
	})
}

// loginResponse says who logged in and when the login ends. The session itself is only in the cookie, out of reach of
// scripts.
type loginResponse struct {
	Person     string    `json:"person"`
	ExpireTime time.Time `json:"expireTime"`
}

// postLogin opens a login session: POST {"email", "password"}.
func (g *Gateway) postLogin(w http.ResponseWriter, r *http.Request) {
	resp, err := g.logIn(w, r)
	if err != nil {
		g.problem(w, r, err)
		return
	}
	expires := resp.GetExpireTime().AsTime()
	g.setCookie(w, resp.GetSessionToken(), expires)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	_ = json.NewEncoder(w).Encode(loginResponse{Person: resp.GetPerson(), ExpireTime: expires}) // the client has gone
}

func (g *Gateway) logIn(w http.ResponseWriter, r *http.Request) (*identityv1.LoginResponse, error) {
	if err := g.limits.anonymous(r.Context(), g.clientIP(r)); err != nil {
		return nil, err
	}
	r, err := readBody(w, r)
	if err != nil {
		return nil, err
	}
	if err := knownParameters((&identityv1.LoginRequest{}).ProtoReflect().Descriptor(), r.URL.Query(), []string{"*"}); err != nil {
		return nil, err
	}
	body := bodyOf(r.Context())
	if len(body) == 0 {
		return nil, fault.New(fault.Invalid, "JSON_MALFORMED", "the body must have email and password")
	}
	req := &identityv1.LoginRequest{}
	if err := protojson.Unmarshal(body, req); err != nil {
		return nil, diagnose(err.Error(), body, "")
	}
	return g.login.Login(r.Context(), req)
}

// postLogout ends the login session of the cookie, if there is one, and takes the cookie away.
func (g *Gateway) postLogout(w http.ResponseWriter, r *http.Request) {
	if cookie, err := r.Cookie(g.cookieName()); err == nil && cookie.Value != "" {
		if err := g.limits.anonymous(r.Context(), g.clientIP(r)); err != nil {
			g.problem(w, r, err)
			return
		}
		if _, err := g.login.Logout(r.Context(), &identityv1.LogoutRequest{SessionToken: cookie.Value}); err != nil {
			g.problem(w, r, err)
			return
		}
		g.tokens.drop(hash(cookie.Value))
	}
	g.setCookie(w, "", time.Unix(1, 0))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusNoContent)
}
