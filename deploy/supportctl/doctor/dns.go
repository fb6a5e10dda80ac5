package doctor

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// Mail is by which addresses the installation sends and takes mails.
type Mail struct {
	From             string
	DKIMDomain       string
	DKIMKeys         []DKIMKey
	ReplyDomain      string
	SupportAddress   string
	EmergencyAddress string
}

func (m Mail) asked() bool {
	return m.From != "" || m.ReplyDomain != "" || m.SupportAddress != "" || m.EmergencyAddress != ""
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// records looks at the records that mails need: of who sends SPF, DKIM and DMARC, of who takes them MX.
func records(ctx context.Context, c Config) []Finding {
	var found []Finding
	if c.Mail.From != "" {
		from := domainOf(c.Mail.From)
		found = append(found, spf(ctx, c.Resolver, from))
		found = append(found, signatures(ctx, c.Resolver, c.Mail)...)
		found = append(found, dmarc(ctx, c.Resolver, from))
	}
	if c.Mail.ReplyDomain != "" {
		// Mails that come back have this domain as their envelope sender, by which receivers ask for SPF.
		if reply := strings.ToLower(c.Mail.ReplyDomain); reply != domainOf(c.Mail.From) {
			found = append(found, spf(ctx, c.Resolver, reply))
		}
	}
	var taking []string
	for _, name := range []string{c.Mail.ReplyDomain, domainOf(c.Mail.SupportAddress), domainOf(c.Mail.EmergencyAddress)} {
		if name = strings.ToLower(name); name != "" && !slices.Contains(taking, name) {
			taking = append(taking, name)
			found = append(found, mx(ctx, c.Resolver, name))
		}
	}
	return found
}

// texts returns the TXT records of a name that begin with a prefix. None is no error.
func texts(ctx context.Context, r Resolver, name, prefix string) ([]string, error) {
	all, err := r.LookupTXT(ctx, name)
	if missing(err) {
		return nil, nil
	}
	var found []string
	for _, text := range all {
		if text = strings.TrimSpace(text); len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix) {
			found = append(found, text)
		}
	}
	return found, err
}

func missing(err error) bool {
	not, ok := errors.AsType[*net.DNSError](err)
	return ok && not.IsNotFound
}

// unknown is a finding about what DNS does not answer.
func unknown(f Finding, err error) Finding {
	f.State, f.Text, f.Do = Fail, err.Error(), "check the resolver of this machine and the name servers of the domain"
	return f
}

func spf(ctx context.Context, r Resolver, domain string) Finding {
	f := Finding{Check: "spf", Subject: domain}
	found, err := texts(ctx, r, domain, "v=spf1")
	switch {
	case err != nil:
		return unknown(f, err)
	case len(found) == 0:
		f.State, f.Text, f.Do = Fail, "there is no SPF record", `add a TXT record "v=spf1 include:<your mail provider> -all" to `+domain
	case len(found) > 1:
		f.State, f.Text, f.Do = Fail, fmt.Sprintf("there are %d SPF records, which receivers take for none", len(found)), "make one record of them"
	default:
		f.State, f.Text = OK, found[0]
		terms := strings.Fields(strings.ToLower(found[0]))
		switch last := terms[len(terms)-1]; {
		case slices.Contains(terms, "+all") || slices.Contains(terms, "all"):
			f.State, f.Do = Fail, "end it with -all: so it lets everybody send in your name"
		case slices.Contains(terms, "?all"):
			f.State, f.Do = Warn, "end it with -all or ~all: so it says nothing about others"
		case last != "-all" && last != "~all" && !strings.HasPrefix(last, "redirect="):
			f.State, f.Do = Warn, "end it with -all or ~all: so it says nothing about others"
		}
	}
	return f
}

func dmarc(ctx context.Context, r Resolver, domain string) Finding {
	f := Finding{Check: "dmarc", Subject: domain}
	names := []string{domain}
	if above, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil && above != domain {
		names = append(names, above)
	}
	for _, name := range names {
		found, err := texts(ctx, r, "_dmarc."+name, "v=DMARC1")
		if err != nil {
			return unknown(f, err)
		}
		if len(found) == 0 {
			continue
		}
		f.State, f.Text = OK, found[0]
		tags := tags(found[0])
		policy := tags["p"]
		if name != domain && tags["sp"] != "" {
			policy = tags["sp"]
		}
		switch {
		case len(found) > 1:
			f.State, f.Text, f.Do = Fail, fmt.Sprintf("there are %d DMARC records, which receivers take for none", len(found)), "make one record of them"
		case policy == "none":
			f.State, f.Do = Warn, "once the reports show nothing of yours failing, set p=quarantine or p=reject: so mails that others forge in your name arrive"
		case policy != "quarantine" && policy != "reject":
			f.State, f.Do = Fail, "say p=none, p=quarantine or p=reject"
		}
		return f
	}
	f.State, f.Text, f.Do = Fail, "there is no DMARC record", `add a TXT record "v=DMARC1; p=none; rua=mailto:..." to _dmarc.`+domain+`: large providers refuse mails without`
	return f
}

// tags reads "a=1; b=2".
func tags(record string) map[string]string {
	read := map[string]string{}
	for part := range strings.SplitSeq(record, ";") {
		key, value, _ := strings.Cut(part, "=")
		read[strings.ToLower(strings.TrimSpace(key))] = strings.TrimSpace(value)
	}
	return read
}

func mx(ctx context.Context, r Resolver, domain string) Finding {
	f := Finding{Check: "mx", Subject: domain}
	found, err := r.LookupMX(ctx, domain)
	switch {
	case err != nil && !missing(err):
		return unknown(f, err)
	case len(found) == 0:
		f.State, f.Text, f.Do = Fail, "there is no MX record: no mail arrives", "add one to "+domain+" that names the host which takes its mails"
		return f
	}
	var hosts, dead []string
	for _, record := range found {
		host := strings.TrimSuffix(record.Host, ".")
		hosts = append(hosts, host)
		if addresses, err := r.LookupHost(ctx, host); err != nil || len(addresses) == 0 {
			dead = append(dead, host)
		}
	}
	f.State, f.Text = OK, strings.Join(hosts, ", ")
	if len(dead) > 0 {
		f.State, f.Text, f.Do = Warn, strings.Join(dead, ", ")+" of "+f.Text+" has no address", "add an A or AAAA record, or remove the MX record"
		if len(dead) == len(hosts) {
			f.State = Fail
		}
	}
	return f
}
