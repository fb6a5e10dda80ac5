package emergency

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/settings"
	"altis-dxp.com/support/services/notification/internal/store"
	"altis-dxp.com/support/services/notification/internal/webhook"
)

// fallback are contacts of the configuration, each a person of its own: who is paged when nothing is known of people.
type fallback struct {
	people   []store.Directed
	contacts []store.SecretContact
}

// fallback returns the contacts of the configuration, which are valid.
func (c Config) fallback() (f fallback) {
	for i, text := range c.FallbackContact {
		contact, err := parseFallback(text, i+1)
		if err != nil {
			continue // Validate has refused it
		}
		// An agent, for neither schedules nor the default policy call those.
		f.people = append(f.people, store.Directed{ID: contact.Person, Name: fmt.Sprintf("Fallback contact %d", i+1), Role: "agent", Staff: true})
		f.contacts = append(f.contacts, contact)
	}
	return f
}

func (f fallback) ids() (ids []string) {
	for _, p := range f.people {
		ids = append(ids, p.ID)
	}
	return ids
}

func parseFallback(text string, number int) (store.SecretContact, error) {
	id := fmt.Sprintf("fallback-%d", number)
	c := store.SecretContact{Contact: domain.Contact{ID: id, Person: id, Position: 1}}
	if address, ok := strings.CutPrefix(text, "mailto:"); ok {
		c.Channel, c.Address = domain.ChannelEmail, address
		return c, mailout.CheckAddress(address)
	}
	u, err := url.Parse(text)
	if err != nil {
		return c, errors.New("must be mailto:ADDRESS or https://HOST/PATH#whsec_SECRET") // the error would repeat the secret
	}
	c.Channel, c.Secret = domain.ChannelWebhook, u.Fragment
	u.Fragment, u.RawFragment = "", ""
	c.Address = u.String()
	if err := settings.URL(c.Address); err != nil {
		return c, err
	}
	return c, webhook.CheckSecret(c.Secret)
}
