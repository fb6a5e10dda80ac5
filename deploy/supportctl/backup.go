package supportctl

import (
	"context"
	"io"

	"altis-dxp.com/support/deploy/supportctl/backup"
)

// kept is what an installation keeps, by the names that the services have for it.
type kept struct {
	Identity     database `embed:"" prefix:"identity-" envprefix:"ALTIS_IDENTITY_"`
	Ticket       database `embed:"" prefix:"ticket-" envprefix:"ALTIS_TICKET_"`
	Triage       database `embed:"" prefix:"triage-" envprefix:"ALTIS_TRIAGE_"`
	Notification database `embed:"" prefix:"notification-" envprefix:"ALTIS_NOTIFICATION_"`

	Data           string `help:"Directory of the one process (altis), with all that is in it."`
	EmergencyData  string `help:"Directory of an emergency mailbox that is a process of its own." env:"ALTIS_EMERGENCY_DATA"`
	AttachmentsURL string `name:"attachments-url" help:"Where ticket keeps files; only file:///folder is copied." env:"ALTIS_TICKET_ATTACHMENTS_URL"`
	MailBlob       string `help:"Where notification keeps mails that came in; only file:///folder is copied." env:"ALTIS_NOTIFICATION_MAIL_BLOB"`
	PGPrograms     string `name:"pg-programs" help:"Folder of pg_dump and pg_restore, no older than the server; found on the PATH when empty."`
}

// config has the services in an order in which, where they do not share a database, nothing is missed: ticket's events are
// told to the others again, and what identity has told them they read once more.
func (k kept) config(folder string, out io.Writer) backup.Config {
	c := backup.Config{
		Folder: folder, Data: k.Data, Emergency: k.EmergencyData, Attachments: k.AttachmentsURL, Mails: k.MailBlob, Programs: k.PGPrograms, Out: out,
	}
	for _, s := range []struct {
		name string
		database
	}{{"ticket", k.Ticket}, {"triage", k.Triage}, {"notification", k.Notification}, {"identity", k.Identity}} {
		c.Services = append(c.Services, backup.Service{Name: s.name, DSN: s.Database, Schema: s.Schema})
	}
	return c
}

type backupCommand struct {
	To   string `required:"" help:"Folder to make."`
	kept `embed:""`
}

type restoreCommand struct {
	From        string `required:"" help:"Folder that backup has made."`
	SkipNumbers int    `help:"How many numbers of tickets to leave out: what the original has given since must not be given again." default:"10000"`
	kept        `embed:""`
}

func (c *cli) backUp(ctx context.Context, out io.Writer) error {
	return backup.Save(ctx, c.Backup.config(c.Backup.To, out))
}

func (c *cli) restore(ctx context.Context, out io.Writer) error {
	config := c.Restore.config(c.Restore.From, out)
	config.SkipNumbers = c.Restore.SkipNumbers
	return backup.Load(ctx, config)
}
