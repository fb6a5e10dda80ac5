// Package mailauth says whether the domain of a mail's author vouches for it: DMARC (RFC 7489) by a DKIM signature. What only
// SPF speaks for is not vouched for here: the signature is what survives forwarding, and all large senders make one.
package mailauth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"
)

// maxSignatures bounds the work that one mail can make.
const maxSignatures = 10

// LookupTXT asks DNS, as net.Resolver does.
type LookupTXT func(ctx context.Context, name string) ([]string, error)

// Verified reports whether the domain of the address has a DMARC policy and a valid signature of the mail is aligned with it. An
// error means that DNS could not tell now.
func Verified(ctx context.Context, mail []byte, address string, lookup LookupTXT) (bool, error) {
	_, domain, ok := strings.Cut(address, "@")
	if !ok || domain == "" {
		return false, nil
	}
	ask := func(name string) ([]string, error) { return lookup(ctx, name) }
	policy, err := policyOf(domain, ask)
	if err != nil || policy == nil {
		return false, err
	}
	signatures, err := dkim.VerifyWithOptions(bytes.NewReader(mail), &dkim.VerifyOptions{LookupTXT: ask, MaxVerifications: maxSignatures})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return false, nil // a mail that cannot be read is vouched for by nobody
	}
	var later error
	for _, s := range signatures {
		switch {
		case s.Err == nil && aligned(s.Domain, domain, policy.DKIMAlignment):
			return true, nil
		case s.Err != nil && dkim.IsTempFail(s.Err):
			later = s.Err
		}
	}
	if later != nil {
		return false, fmt.Errorf("mailauth: %w", later)
	}
	return false, nil
}

// policyOf returns the domain's policy, or that of the organization it belongs to; nil when there is none.
func policyOf(domain string, ask func(string) ([]string, error)) (*dmarc.Record, error) {
	for _, name := range []string{domain, organization(domain)} {
		record, err := dmarc.LookupWithOptions(name, &dmarc.LookupOptions{LookupTXT: ask})
		switch {
		case err == nil:
			return record, nil
		case dmarc.IsTempFail(err):
			return nil, fmt.Errorf("mailauth: %w", err)
		}
	}
	return nil, nil
}

// organization returns the domain under which others are registered.
func organization(domain string) string {
	if name, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(domain)); err == nil {
		return name
	}
	return strings.ToLower(domain)
}

func aligned(signer, author string, mode dmarc.AlignmentMode) bool {
	if mode == dmarc.AlignmentStrict {
		return strings.EqualFold(signer, author)
	}
	return organization(signer) == organization(author)
}
