package notification

import (
	"cmp"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"golang.org/x/net/idna"

	"altis-dxp.com/support/services/notification/internal/imapin"
	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/replytoken"
	"altis-dxp.com/support/services/notification/internal/settings"
	"altis-dxp.com/support/services/notification/internal/twilio"
)

// Config is notification's part of a process's configuration. Empty values mean the defaults.
type Config struct {
	AckListen    string `kong:"-"` // unless Deps.AckListener is given
	AckBaseURL   string `name:"ack-base-url" help:"URL under which engineers reach the acknowledgement links."`
	DashboardURL string `name:"dashboard-url" help:"URL of the dashboard, for links to tickets."`

	MailFrom           string   `help:"Address that mail is sent from." default:"support@localhost"`
	EmergencyAddress   string   `help:"Mailbox of last resort, named in the footer of mails with its warning; emergencyd, or altis itself, takes its mails and pages."`
	NoReceipts         bool     `help:"Do not mail a receipt to who opens a ticket."`
	ReplyDomain        string   `help:"Domain that takes answers to mails and mails that come back: each mail then has addresses of its own there. None without."`
	ReplyKeys          []string `help:"Keys that sign those addresses, as id:secret with an id from 1 to 255 and 32 bytes or more in base64; better given in the environment. The first signs, all verify."`
	MailSupportAddress string   `help:"Address of the desk: mails to it become tickets. None without."`
	MailListen         string   `help:"Address to take mails on by SMTP: answers and mails that come back, at the addresses of --reply-domain, and mails to --mail-support-address; none when empty."`
	IMAPAddr           string   `name:"imap-addr" help:"Mailbox of --mail-support-address whose mails are fetched by IMAP, host:port; none when empty."`
	IMAPTLS            string   `name:"imap-tls" help:"How its connection is secured: tls, starttls or none." enum:"tls,starttls,none" default:"tls"`
	IMAPUser           string   `name:"imap-user" help:"User name at the IMAP server."`
	IMAPPassword       string   `name:"imap-password" help:"Password at the IMAP server; better given in the environment."`
	IMAPFolder         string   `name:"imap-folder" help:"Folder that is fetched." default:"INBOX"`
	IMAPMoveTo         string   `name:"imap-move-to" help:"Folder that fetched mails are moved to; they stay, and are marked as seen, when empty."`
	MailBlob           string   `help:"Where mails that come in are kept, for this installation alone: file:///folder, on a disk that all replicas share, or s3://bucket?region=..."`
	MailHostname       string   `help:"Name of the mail server; --reply-domain when empty."`
	MailCert           string   `help:"Certificate for STARTTLS (PEM); without one it is not offered."`
	MailKey            string   `help:"Private key of the certificate (PEM)."`
	MailResolver       string   `help:"DNS server, host:port, by which senders are verified; those of the machine when empty."`
	MailSPF            bool     `name:"mail-spf" help:"Let SPF vouch for customers, beside DKIM. Only where senders' servers reach --mail-listen themselves: a relay in between, shared with others, would vouch for whatever it takes."`
	DKIMDomain         string   `name:"dkim-domain" help:"Domain that signs mails (DKIM); it must be that of --mail-from, or above it. None without."`
	DKIMKeys           []string `name:"dkim-keys" help:"One or two keys that sign mails, as selector:file, the file an RSA (2048 bits or more) or Ed25519 private key in PEM."`
	OutboxDir          string   `help:"Write mails as .eml files into this directory instead of sending them."`
	SMTPAddr           string   `name:"smtp-addr" help:"Mail server, host:port." default:"localhost:25"`
	SMTPUser           string   `name:"smtp-user" help:"User name at the mail server; none without."`
	SMTPPassword       string   `name:"smtp-password" help:"Password at the mail server; better given in the environment."`
	SMTPTLS            string   `name:"smtp-tls" help:"STARTTLS: auto (when offered; the certificate is checked when there is a user name), required or none." enum:"auto,required,none" default:"auto"`

	KeepPages time.Duration `help:"How long pages that are over are kept, from their opening." default:"9600h"`
	KeepMails time.Duration `help:"How long mails are kept, and what is known of closed tickets for them." default:"9600h"`

	Twilio twilio.Account `embed:"" prefix:"twilio-"`

	AllowPrivateWebhooks bool `help:"Let webhooks go to loopback and private addresses."`

	AttemptTimeout   time.Duration `help:"How long a page's receiver may take to answer before the attempt has failed." default:"3s"`
	NextContactAfter time.Duration `help:"How long a page may be on its way to a contact before the person's next one is paged as well; more than 2s breaks the promise of three seconds." default:"2s"`
	BundleAfter      int           `help:"About how many incidents a contact is paged one by one within a minute: of the others each page names many." default:"10"`
	BundleHold       time.Duration `help:"How long those are collected for one page; the emergency mailbox waits for --page-watch, which must be longer." default:"4s"`
	FlapHold         time.Duration `help:"How long an incident that is urgent again within ten minutes must last before people are called again; it doubles each time, up to five minutes." default:"30s"`
	MailRetry        time.Duration `help:"Pause after the first failed attempt of a mail; it doubles up to an hour." default:"10s"`
	PageWatch        time.Duration `help:"How old what pages must be for the emergency mailbox to be asked first whether it has paged; the --page-watch of ticket." default:"15s"`
	WatchdogEvery    time.Duration `help:"How often the watchdog looks." default:"5s"`
	WatchdogLimit    time.Duration `help:"Age of the oldest due page task at which the watchdog pages the fallback list." default:"30s"`

	Hold               bool      `help:"Send nothing: pages, mails and their timers wait, and no mails are taken or fetched. For a copy that was made of a backup."`
	DiscardMailsBefore time.Time `help:"Mails that wait and were written before this instant (RFC 3339) are not sent, as their rows then say. For a copy that goes into service: what it was made of may have sent them."`

	RetentionSpread time.Duration `kong:"-"` // longest time from the start to the first deletion, drawn at random
}

const (
	defaultKeep = 400 * 24 * time.Hour
	// leastKeep is how late an event may still arrive: what it would be about must not be forgotten before.
	leastKeep = 35 * 24 * time.Hour
)

// senderName is how our mails are signed in lists of mail.
const senderName = "Altis Support"

func (c Config) withDefaults() Config {
	c.AckListen = cmp.Or(c.AckListen, "127.0.0.1:8081")
	c.AckBaseURL = strings.TrimSuffix(cmp.Or(c.AckBaseURL, "http://127.0.0.1:8081"), "/")
	c.DashboardURL = strings.TrimSuffix(cmp.Or(c.DashboardURL, "http://127.0.0.1:8080"), "/")
	c.MailFrom = cmp.Or(c.MailFrom, "support@localhost")
	c.SMTPAddr = cmp.Or(c.SMTPAddr, "localhost:25")
	c.SMTPTLS = cmp.Or(c.SMTPTLS, string(mailout.TLSAuto))
	c.IMAPFolder, c.IMAPTLS = cmp.Or(c.IMAPFolder, "INBOX"), cmp.Or(c.IMAPTLS, string(imapin.TLSImplicit))
	c.KeepPages, c.KeepMails = cmp.Or(c.KeepPages, defaultKeep), cmp.Or(c.KeepMails, defaultKeep)
	c.AttemptTimeout = cmp.Or(c.AttemptTimeout, 3*time.Second)
	c.NextContactAfter = cmp.Or(c.NextContactAfter, 2*time.Second)
	c.BundleAfter = cmp.Or(c.BundleAfter, 10)
	c.BundleHold = cmp.Or(c.BundleHold, 4*time.Second)
	c.FlapHold = cmp.Or(c.FlapHold, 30*time.Second)
	c.MailRetry = cmp.Or(c.MailRetry, 10*time.Second)
	c.PageWatch = cmp.Or(c.PageWatch, 15*time.Second)
	c.WatchdogEvery = cmp.Or(c.WatchdogEvery, 5*time.Second)
	c.WatchdogLimit = cmp.Or(c.WatchdogLimit, 30*time.Second)
	c.RetentionSpread = cmp.Or(c.RetentionSpread, 10*time.Minute)
	return c
}

// Validate lists every fault.
func (c Config) Validate() error {
	c = c.withDefaults()
	var faults []error
	check := func(err error, flag string) {
		if err != nil {
			faults = append(faults, fmt.Errorf("--%s: %w", flag, err))
		}
	}
	check(settings.Address(c.AckListen), "ack-listen")
	check(settings.URL(c.AckBaseURL), "ack-base-url")
	check(settings.URL(c.DashboardURL), "dashboard-url")
	check(mailout.CheckAddress(c.MailFrom), "mail-from")
	if c.EmergencyAddress != "" {
		check(mailout.CheckAddress(c.EmergencyAddress), "emergency-address")
	}
	check(c.checkReply(), "reply-domain")
	if c.MailSupportAddress != "" {
		check(c.checkSupport(), "mail-support-address")
	}
	check(c.checkInbound(), "mail-listen")
	check(c.checkIMAP(), "imap-addr")
	check(c.checkDKIM(), "dkim-domain")
	check(settings.Address(c.SMTPAddr), "smtp-addr")
	check(c.Twilio.Validate(), "twilio-account")
	for flag, d := range map[string]time.Duration{"keep-pages": c.KeepPages, "keep-mails": c.KeepMails} {
		if d < leastKeep {
			check(errors.New("must be at least 840h: events may come 35 days late"), flag)
		}
	}
	for flag, d := range map[string]time.Duration{
		"attempt-timeout": c.AttemptTimeout, "next-contact-after": c.NextContactAfter, "mail-retry": c.MailRetry, "page-watch": c.PageWatch,
		"watchdog-every": c.WatchdogEvery, "watchdog-limit": c.WatchdogLimit, "bundle-hold": c.BundleHold, "flap-hold": c.FlapHold,
	} {
		if d < 0 {
			check(errors.New("must not be negative"), flag)
		}
	}
	if c.BundleAfter < 1 {
		check(errors.New("must be 1 or more: the first page always goes alone"), "bundle-after")
	}
	return errors.Join(faults...)
}

// calendarURL is that of a calendar feed, which the gateway serves beside the dashboard.
func (c Config) calendarURL(token string) string {
	return c.DashboardURL + "/calendars/" + token + ".ics"
}

// pagesURL is the list of open pages in the dashboard.
func (c Config) pagesURL() string { return c.DashboardURL + "/on-call" }

func (c Config) quarantineURL() string { return c.DashboardURL + "/mail/quarantine" }

func (c Config) from() mail.Address { return mail.Address{Name: senderName, Address: c.MailFrom} }

// mailDomain is the right side of Message-IDs.
func (c Config) mailDomain() string { return c.MailFrom[strings.LastIndexByte(c.MailFrom, '@')+1:] }

func (c Config) checkReply() error {
	if c.ReplyDomain == "" {
		return nil
	}
	if len(c.ReplyKeys) == 0 {
		return errors.New("needs --reply-keys")
	}
	if _, err := c.addresses(); err != nil {
		return err
	}
	return mailout.CheckAddress("ticket@" + c.ReplyDomain)
}

func (c Config) addresses() (mailout.Addresses, error) {
	keys, err := replytoken.ParseKeys(c.ReplyKeys)
	if err != nil {
		return mailout.Addresses{}, fmt.Errorf("--reply-keys: %w", err)
	}
	domain := c.ReplyDomain
	if domain != "" {
		domain, err = idna.Lookup.ToASCII(domain)
	}
	return mailout.Addresses{Domain: domain, Keys: keys, Site: c.DashboardURL + "/unsubscribe/"}, err
}

// transport returns where mails go: to files, or to the mail server.
func (c Config) transport() (mailout.Transport, error) {
	keys, err := c.dkimKeys()
	if err != nil {
		return nil, err
	}
	transport, err := mailout.Open(c.OutboxDir, mailout.SMTPConfig{
		Addr: c.SMTPAddr, User: c.SMTPUser, Password: c.SMTPPassword, TLS: mailout.TLSMode(c.SMTPTLS),
	})
	if err != nil || len(keys) == 0 {
		return transport, err
	}
	return mailout.Signing{Transport: transport, Keys: keys}, nil
}
