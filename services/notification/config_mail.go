package notification

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"altis-dxp.com/support/services/notification/internal/mailout"
)

// maxDKIMKeys are one for those who verify Ed25519 already, and one for the others.
const maxDKIMKeys = 2

// checkDKIM reads no file: that is left to New, so that a configuration can be checked elsewhere.
func (c Config) checkDKIM() error {
	switch from := strings.ToLower(c.mailDomain()); {
	case c.DKIMDomain == "" && len(c.DKIMKeys) == 0:
		return nil
	case c.DKIMDomain == "":
		return errors.New("is needed for --dkim-keys")
	case len(c.DKIMKeys) == 0 || len(c.DKIMKeys) > maxDKIMKeys:
		return fmt.Errorf("needs one to %d --dkim-keys", maxDKIMKeys)
	case from != strings.ToLower(c.DKIMDomain) && !strings.HasSuffix(from, "."+strings.ToLower(c.DKIMDomain)):
		return errors.New("must be the domain of --mail-from, or above it: receivers count no other signature")
	}
	for _, text := range c.DKIMKeys {
		if selector, file, _ := strings.Cut(text, ":"); selector == "" || file == "" {
			return fmt.Errorf("--dkim-keys: %q is not selector:file", text)
		}
	}
	return nil
}

func (c Config) dkimKeys() ([]mailout.DKIMKey, error) {
	var keys []mailout.DKIMKey
	for _, text := range c.DKIMKeys {
		selector, file, _ := strings.Cut(text, ":")
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--dkim-keys: %w", err)
		}
		signer, err := mailout.ParseDKIMKey(data)
		if err != nil {
			return nil, fmt.Errorf("--dkim-keys: %s: %w", file, err)
		}
		keys = append(keys, mailout.DKIMKey{Domain: c.DKIMDomain, Selector: selector, Signer: signer})
	}
	return keys, nil
}
