package emergency

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"altis-dxp.com/support/services/notification/internal/mailout"
	"altis-dxp.com/support/services/notification/internal/settings"
	"altis-dxp.com/support/services/notification/internal/twilio"
)

// Config is the mailbox's configuration. Empty values mean the defaults.
type Config struct {
	Data string `help:"Directory of what the mailbox keeps: mails, its database, the roster; \"emergency\" when empty (altis: in its own --data). On a disk of its own nothing else can fill it."`

	SMTP            string        `name:"smtp" help:"Address to receive mails on." default:"127.0.0.1:2525"`
	Address         []string      `help:"Emergency addresses that mails are taken for, several separated by commas."`
	Hostname        string        `help:"Name of this mail server; the machine's when empty."`
	TLSCert         string        `name:"smtp-cert" help:"Certificate for STARTTLS (PEM); without one it is not offered."`
	TLSKey          string        `name:"smtp-key" help:"Private key of the certificate (PEM)."`
	MaxMailBytes    int64         `help:"Largest mail that is taken." default:"26214400"`
	MaxConns        int           `help:"Connections of mail servers at once." default:"200"`
	MaxConnsPerHost int           `help:"Connections of one mail server at once." default:"20"`
	MailsPerMinute  int           `help:"Mails of one mail server in a minute." default:"60"`
	Timeout         time.Duration `help:"How long a mail server may take for a command, and for a mail as a whole." default:"5m"`
	SpoolLimit      int64         `help:"Bytes of all mails kept; when they are reached mails are put off (452)." default:"2147483648"`
	KeepMails       time.Duration `help:"How long mails are kept." default:"9600h"`

	AckListen    string `help:"Address to serve acknowledgement links on." default:"127.0.0.1:8082"`
	AckBaseURL   string `name:"ack-base-url" help:"URL under which engineers reach these links."`
	DashboardURL string `name:"dashboard-url" help:"URL of the dashboard."`

	FallbackContact      []string      `help:"Who is paged when the roster was never fetched or reaches nobody, and last in every round: mailto:ADDRESS or https://HOST/PATH#whsec_SECRET, several separated by commas; better given in the environment."`
	RosterEvery          time.Duration `help:"How often notification is asked for schedules, policies, people and contacts." default:"30s"`
	RepeatAfter          time.Duration `help:"After how long without an acknowledgement people are paged again." default:"5m"`
	PagesPerWindow       int           `help:"Separate pages for mails of unverified senders in --page-window; what exceeds them becomes one page with a count." default:"3"`
	PageWindow           time.Duration `help:"Time that --pages-per-window is about." default:"10m"`
	Resolver             string        `help:"DNS server, host:port, by which senders are verified; those of the machine when empty."`
	AllowPrivateWebhooks bool          `help:"Let webhooks go to loopback and private addresses."`
	AttemptTimeout       time.Duration `help:"How long a page's receiver may take to answer before the attempt has failed." default:"3s"`
	NextContactAfter     time.Duration `help:"How long a page may be on its way to a contact before the person's next one is paged as well." default:"2s"`

	NoReceipts   bool   `help:"Mail no receipts to the senders of mails."`
	MailFrom     string `help:"Address that pages by mail are sent from." default:"support@localhost"`
	OutboxDir    string `help:"Write mails as .eml files into this directory instead of sending them."`
	SMTPAddr     string `name:"smtp-addr" help:"Mail server for pages by mail, host:port." default:"localhost:25"`
	SMTPUser     string `name:"smtp-user" help:"User name at the mail server; none without."`
	SMTPPassword string `name:"smtp-password" help:"Password at the mail server; better given in the environment."`
	SMTPTLS      string `name:"smtp-tls" help:"STARTTLS to the mail server: auto, required or none." enum:"auto,required,none" default:"auto"`

	Hold bool `help:"Page nobody, mail nothing, take no mails and no calls: only links are served. For a copy that was made of a backup."`

	Twilio twilio.Account `embed:"" prefix:"twilio-"`
}

// maxRecipients bounds how many of our addresses one mail may name.
const maxRecipients = 20

func (c Config) withDefaults() Config {
	c.Data = cmp.Or(c.Data, "emergency")
	c.SMTP = cmp.Or(c.SMTP, "127.0.0.1:2525")
	if c.Hostname == "" {
		c.Hostname, _ = os.Hostname() // "" below
	}
	c.Hostname = cmp.Or(c.Hostname, "localhost")
	c.MaxMailBytes = cmp.Or(c.MaxMailBytes, 25<<20)
	c.MaxConns, c.MaxConnsPerHost, c.MailsPerMinute = cmp.Or(c.MaxConns, 200), cmp.Or(c.MaxConnsPerHost, 20), cmp.Or(c.MailsPerMinute, 60)
	c.Timeout = cmp.Or(c.Timeout, 5*time.Minute)
	c.SpoolLimit = cmp.Or(c.SpoolLimit, 2<<30)
	c.KeepMails = cmp.Or(c.KeepMails, 400*24*time.Hour)
	c.AckListen = cmp.Or(c.AckListen, "127.0.0.1:8082")
	c.AckBaseURL = strings.TrimSuffix(cmp.Or(c.AckBaseURL, "http://127.0.0.1:8082"), "/")
	c.DashboardURL = strings.TrimSuffix(cmp.Or(c.DashboardURL, "http://127.0.0.1:8080"), "/")
	c.RosterEvery = cmp.Or(c.RosterEvery, 30*time.Second)
	c.RepeatAfter = cmp.Or(c.RepeatAfter, 5*time.Minute)
	c.PagesPerWindow, c.PageWindow = cmp.Or(c.PagesPerWindow, 3), cmp.Or(c.PageWindow, 10*time.Minute)
	c.AttemptTimeout = cmp.Or(c.AttemptTimeout, 3*time.Second)
	c.NextContactAfter = cmp.Or(c.NextContactAfter, 2*time.Second)
	c.MailFrom = cmp.Or(c.MailFrom, "support@localhost")
	c.SMTPAddr = cmp.Or(c.SMTPAddr, "localhost:25")
	c.SMTPTLS = cmp.Or(c.SMTPTLS, string(mailout.TLSAuto))
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
	check(settings.Address(c.SMTP), "smtp")
	check(settings.Address(c.AckListen), "ack-listen")
	check(settings.URL(c.AckBaseURL), "ack-base-url")
	check(settings.URL(c.DashboardURL), "dashboard-url")
	for _, address := range c.Address {
		check(mailout.CheckAddress(address), "address")
	}
	for _, contact := range c.FallbackContact {
		_, err := parseFallback(contact, 1)
		check(err, "fallback-contact")
	}
	check(mailout.CheckAddress(c.MailFrom), "mail-from")
	check(settings.Address(c.SMTPAddr), "smtp-addr")
	check(c.Twilio.Validate(), "twilio-account")
	if c.Resolver != "" {
		check(settings.Address(c.Resolver), "resolver")
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		check(errors.New("a certificate and its key come together"), "smtp-cert")
	}
	for flag, n := range map[string]int64{
		"max-mail-bytes": c.MaxMailBytes, "max-conns": int64(c.MaxConns), "max-conns-per-host": int64(c.MaxConnsPerHost),
		"mails-per-minute": int64(c.MailsPerMinute), "spool-limit": c.SpoolLimit, "pages-per-window": int64(c.PagesPerWindow),
		"timeout": int64(c.Timeout), "keep-mails": int64(c.KeepMails), "roster-every": int64(c.RosterEvery), "repeat-after": int64(c.RepeatAfter),
		"page-window": int64(c.PageWindow), "attempt-timeout": int64(c.AttemptTimeout), "next-contact-after": int64(c.NextContactAfter),
	} {
		if n < 0 {
			check(errors.New("must not be negative"), flag)
		}
	}
	return errors.Join(faults...)
}

// ticketURL is where a ticket is in the dashboard; 0 = the dashboard, for there is none.
func (c Config) ticketURL(number int64) string {
	if number == 0 {
		return c.DashboardURL
	}
	return c.DashboardURL + "/tickets/" + strconv.FormatInt(number, 10)
}

// mailDomain is the right side of Message-IDs.
func (c Config) mailDomain() string { return c.MailFrom[strings.LastIndexByte(c.MailFrom, '@')+1:] }

func (c Config) transport() (mailout.Transport, error) {
	return mailout.Open(c.OutboxDir, mailout.SMTPConfig{
		Addr: c.SMTPAddr, User: c.SMTPUser, Password: c.SMTPPassword, TLS: mailout.TLSMode(c.SMTPTLS),
	})
}
