// Package mailauth says whether the domain of a mail's author vouches for it: DMARC (RFC 7489) by a DKIM signature, or by the
// server that brought the mail (SPF). The signature says more: it survives forwarding, and is of the domain alone, while others
// send by the servers of a large provider, too.
package mailauth

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"
)

// maxSignatures bounds the work that one mail can make.
const maxSignatures = 10

// LookupTXT asks DNS, as net.Resolver does.
type LookupTXT func(ctx context.Context, name string) ([]string, error)

// DNS answers as net.Resolver does.
type DNS interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// Resolver asks the DNS server at addr, host:port; "" = those of the machine.
func Resolver(addr string) *net.Resolver {
	if addr == "" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}}
}

// Verdict is what the domain of an author says of a mail.
type Verdict struct {
	// Signed: a valid signature is aligned with the domain, which has a policy.
	Signed bool
	// Sent: the server that brought it may send for a domain that is aligned so.
	Sent bool
	// SPF is what the domain of the envelope's sender says of that server, in the words of RFC 7208; "" = it was not asked.
	SPF string
	// Strict: the domain asks everybody not to take mails for its own that it does not vouch for (p=quarantine or p=reject).
	Strict bool
}

// Check asks for the DMARC policy of an address's domain, for the keys of the mail's signatures, and for the servers that may
// have sent it. An error means that DNS could not tell now.
func Check(ctx context.Context, mail []byte, address string, route Route, dns DNS) (Verdict, error) {
	v, p, err := signed(ctx, mail, address, dns.LookupTXT)
	if err != nil {
		return v, err
	}
	if v.SPF, err = route.check(ctx, dns); v.Signed || p == nil {
		return v, nil // whatever it is, nothing hangs on it
	}
	_, domain, _ := strings.Cut(address, "@")
	v.Sent = v.SPF == string(spf.Pass) && aligned(domainOf(route.From), domain, p.SPFAlignment)
	return v, err
}

// Verified reports whether the domain of the address has a DMARC policy and a valid signature of the mail is aligned with it. An
// error means that DNS could not tell now.
func Verified(ctx context.Context, mail []byte, address string, lookup LookupTXT) (bool, error) {
	v, _, err := signed(ctx, mail, address, lookup)
	return v.Signed, err
}

// signed looks at the signatures. Without a policy there is nothing for them to be aligned by.
func signed(ctx context.Context, mail []byte, address string, lookup LookupTXT) (v Verdict, p *policy, err error) {
	_, domain, ok := strings.Cut(address, "@")
	if !ok || domain == "" {
		return v, nil, nil
	}
	ask := func(name string) ([]string, error) { return lookup(ctx, name) }
	if p, err = policyOf(domain, ask); err != nil || p == nil {
		return v, nil, err
	}
	v.Strict = p.strict()
	signatures, err := dkim.VerifyWithOptions(bytes.NewReader(mail), &dkim.VerifyOptions{LookupTXT: ask, MaxVerifications: maxSignatures})
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		return v, p, nil // a mail that cannot be read is vouched for by nobody
	}
	var later error
	for _, s := range signatures {
		switch {
		case s.Err == nil && aligned(s.Domain, domain, p.DKIMAlignment):
			v.Signed = true
			return v, p, nil
		case s.Err != nil && dkim.IsTempFail(s.Err):
			later = s.Err
		}
	}
	if later != nil {
		return v, p, fmt.Errorf("mailauth: %w", later)
	}
	return v, p, nil
}

// policy is the record that applies to a domain.
type policy struct {
	*dmarc.Record
	inherited bool // from the organization that it belongs to
}

// strict reports that mails that are not aligned are to be refused, or held back. A policy for none of them is one on trial.
func (p policy) strict() bool {
	asked := p.Policy
	if p.inherited && p.SubdomainPolicy != "" {
		asked = p.SubdomainPolicy
	}
	return asked != dmarc.PolicyNone && (p.Percent == nil || *p.Percent > 0)
}

// policyOf returns the domain's policy, or that of the organization it belongs to; nil when there is none.
func policyOf(domain string, ask func(string) ([]string, error)) (*policy, error) {
	for _, name := range []string{domain, organization(domain)} {
		record, err := dmarc.LookupWithOptions(name, &dmarc.LookupOptions{LookupTXT: ask})
		switch {
		case err == nil:
			return &policy{Record: record, inherited: !strings.EqualFold(name, domain)}, nil
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
