package twilio

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"altis-dxp.com/support/services/notification/internal/settings"
)

// Account is that of the installation, by which text messages go.
type Account struct {
	URL     string `name:"url" help:"API of Twilio: that of a region, or a proxy." default:"https://api.twilio.com"`
	Account string `name:"account" help:"Account of Twilio (AC...) by which pages go as text messages; none without."`
	Key     string `name:"key" help:"API key of the account (SK...)."`
	Secret  string `name:"secret" help:"Secret of the API key; better given in the environment."`
	From    string `name:"from" help:"Who text messages are from: a number of the account such as +4930123456, a messaging service (MG...) or a name of up to 11 letters and digits."`
}

var (
	account = regexp.MustCompile(`^AC[0-9a-f]{32}$`)
	key     = regexp.MustCompile(`^SK[0-9a-f]{32}$`)
	service = regexp.MustCompile(`^MG[0-9a-f]{32}$`)
	name    = regexp.MustCompile(`^[0-9A-Za-z ]*[A-Za-z][0-9A-Za-z ]*$`)
)

// Configured reports whether there is an account.
func (a Account) Configured() bool { return a.Account != "" }

// Validate returns what is wrong with the settings. Without any of them there is nothing to check.
func (a Account) Validate() error {
	switch {
	case a.Account+a.Key+a.Secret+a.From == "":
		return nil
	case !account.MatchString(a.Account):
		return errors.New("must be AC and 32 digits or letters a to f")
	case !key.MatchString(a.Key):
		return errors.New("needs --twilio-key: SK and 32 digits or letters a to f")
	case a.Secret == "":
		return errors.New("needs --twilio-secret")
	case !number.MatchString(a.From) && !service.MatchString(a.From) && (len(a.From) > 11 || !name.MatchString(a.From)):
		return errors.New("needs --twilio-from: a number, a messaging service or a name of up to 11 letters and digits")
	}
	return settings.URL(a.url())
}

func (a Account) url() string {
	return strings.TrimSuffix(cmp.Or(a.URL, "https://api.twilio.com"), "/")
}

// request is one to the account's messages, or to one of them.
func (a Account) request(ctx context.Context, method, message string, form url.Values) (*http.Request, error) {
	to, body := a.url()+"/2010-04-01/Accounts/"+a.Account+"/Messages", form.Encode()
	if message != "" {
		to += "/" + url.PathEscape(message)
	}
	to += ".json"
	if method == http.MethodGet && len(form) > 0 {
		to, body = to+"?"+body, ""
	}
	req, err := http.NewRequestWithContext(ctx, method, to, strings.NewReader(body))
	if err != nil {
		return nil, errors.New("twilio: the URL cannot be used")
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("User-Agent", "Altis-Support/1")
	req.SetBasicAuth(a.Key, a.Secret)
	return req, nil
}
