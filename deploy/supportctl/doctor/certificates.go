package doctor

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

const spiffe = "spiffe://altis-support/"

// peers are the names that certificates of processes have.
func peers() []string { return append(Services(), "gateway", "emergency") }

func certificates(_ context.Context, c Config) []Finding {
	var roots *x509.CertPool
	var found []Finding
	if c.Authorities != "" {
		authorities, err := readCertificates(c.Authorities)
		if err != nil {
			return []Finding{{Check: "certificate", Subject: c.Authorities, State: Fail, Text: err.Error(), Do: "name the file of the authorities, in PEM, by --authority"}}
		}
		roots = x509.NewCertPool()
		for _, cert := range authorities {
			roots.AddCert(cert)
			if f := expiry(Finding{Check: "certificate", Subject: "authority " + cert.Subject.CommonName}, cert, c.Now()); f.State != OK {
				found = append(found, f)
			}
		}
	}
	for _, file := range c.Certificates {
		found = append(found, judge(file, roots, c.Now()))
	}
	return found
}

// judge returns the worst that can be said of a file.
func judge(file string, roots *x509.CertPool, now time.Time) Finding {
	f := Finding{Check: "certificate", Subject: file}
	fail := func(text, do string) Finding {
		f.State, f.Text, f.Do = Fail, text, do
		return f
	}
	chain, err := readCertificates(file)
	if err != nil {
		return fail(err.Error(), "name a file with a certificate in PEM")
	}
	leaf := chain[0]
	if out := expiry(f, leaf, now); out.State == Fail {
		return out
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool(), CurrentTime: now, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}}
	for _, cert := range chain[1:] {
		options.Intermediates.AddCert(cert)
	}
	if _, err := leaf.Verify(options); err != nil {
		return fail("the chain: "+err.Error(), "put the certificates between this one and the authority after it into the file, and name the authority by --authority")
	}
	service := ""
	for _, u := range leaf.URIs {
		if name, ok := strings.CutPrefix(u.String(), spiffe); ok {
			service = name
		}
	}
	switch {
	case service == "":
		return fail("no URI "+spiffe+"<service> is among its names", "issue it anew with the URI of its process: without it no peer knows who calls")
	case !slices.Contains(peers(), service):
		return fail("it is for "+spiffe+service+", which no process is", "issue it anew for one of "+strings.Join(peers(), ", "))
	case !allows(leaf, x509.ExtKeyUsageClientAuth):
		return fail("it is not for clients", "issue it anew for client authentication: each process calls others")
	case service != "gateway" && !allows(leaf, x509.ExtKeyUsageServerAuth):
		return fail("it is not for servers", "issue it anew for server authentication, too")
	case service != "gateway" && len(leaf.DNSNames)+len(leaf.IPAddresses) == 0:
		return fail("it has no name or address of a server", "issue it anew with the host names under which others call "+service)
	}
	f = expiry(f, leaf, now)
	f.Text = service + ", " + f.Text
	return f
}

func allows(cert *x509.Certificate, usage x509.ExtKeyUsage) bool {
	return slices.Contains(cert.ExtKeyUsage, usage) || slices.Contains(cert.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// expiry warns when two thirds of the life are over: whoever renews certificates by a machine has done it by then.
func expiry(f Finding, cert *x509.Certificate, now time.Time) Finding {
	until := cert.NotAfter.UTC().Format("2006-01-02 15:04 MST")
	switch left := cert.NotAfter.Sub(now); {
	case now.Before(cert.NotBefore):
		f.State, f.Text, f.Do = Fail, "is good from "+cert.NotBefore.UTC().Format("2006-01-02 15:04 MST")+" on only", "check the clock of whoever issued it, and this one"
	case left <= 0:
		f.State, f.Text, f.Do = Fail, "has expired at "+until, "renew it now; processes read the files again by themselves"
	case left < cert.NotAfter.Sub(cert.NotBefore)/3:
		f.State, f.Text, f.Do = Warn, fmt.Sprintf("expires at %s, in %s", until, left.Round(time.Minute)), "renew it; processes read the files again by themselves"
	default:
		f.State, f.Text = OK, "good until "+until
	}
	return f
}

func readCertificates(file string) ([]*x509.Certificate, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var certs []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, cert)
	}
	if len(certs) == 0 {
		return nil, errors.New("there is no certificate in PEM in it")
	}
	return certs, nil
}
