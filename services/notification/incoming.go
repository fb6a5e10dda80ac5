package notification

import (
	"context"
	"net"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/lifecycle"
	"altis-dxp.com/support/pkg/objectstore"
	"altis-dxp.com/support/services/notification/internal/imapin"
	"altis-dxp.com/support/services/notification/internal/inbound"
	"altis-dxp.com/support/services/notification/internal/smtpin"
	"altis-dxp.com/support/services/notification/internal/tasks"
)

// incoming is what takes mails. Of nil, all methods do nothing.
type incoming struct {
	addr     string
	listener net.Listener
	bucket   *objectstore.Bucket
	inbox    *inbound.Inbox
	smtp     *smtpin.Server
	imap     *imapin.Poller
}

// takeMails makes what takes mails, if there is an address for it. Where mails are kept they can be examined and read, also by
// a replica that takes none.
func (s *Service) takeMails(deps Deps, work *tasks.Tasks) error {
	if s.cfg.MailBlob == "" {
		return nil
	}
	bucket, err := objectstore.Open(context.Background(), objectstore.Config{
		URL: s.cfg.MailBlob, Setting: "--mail-blob", ContentType: "message/rfc822",
		Missing:     fault.Error{Kind: fault.NotFound, Reason: "MAIL_FORGOTTEN", Msg: "the mail itself is not there any more"},
		Unavailable: fault.Error{Kind: fault.Unavailable, Reason: "MAILS_UNAVAILABLE", Msg: "mails cannot be kept or read at the moment"},
	})
	if err != nil {
		return err
	}
	s.inbound = &incoming{addr: s.cfg.MailListen, listener: deps.MailListener, bucket: bucket, inbox: &inbound.Inbox{
		Store: work.Store, Bucket: bucket, Addresses: work.Addresses, Support: s.cfg.MailSupportAddress, NewID: deps.NewID, Now: deps.Now, KeepMails: s.cfg.KeepMails,
		Spread: s.cfg.RetentionSpread, Logger: deps.Logger,
	}}
	work.Inbox = bucket
	if s.cfg.Hold {
		return nil
	}
	if s.cfg.IMAPAddr != "" {
		s.inbound.imap = s.inbound.inbox.Poller(imapin.Config{
			Addr: s.cfg.IMAPAddr, TLS: imapin.TLSMode(s.cfg.IMAPTLS), Roots: deps.IMAPRoots, User: s.cfg.IMAPUser, Password: s.cfg.IMAPPassword,
			Folder: s.cfg.IMAPFolder, MoveTo: s.cfg.IMAPMoveTo,
		})
	}
	if s.cfg.MailListen == "" {
		return nil
	}
	s.inbound.smtp, err = s.inbound.inbox.Server(s.cfg.hostname(), s.cfg.MailCert, s.cfg.MailKey)
	return err
}

// listen opens the port before anything runs.
func (i *incoming) listen(ctx context.Context) (err error) {
	if i == nil || i.smtp == nil || i.listener != nil {
		return nil
	}
	i.listener, err = lifecycle.Listen(ctx, i.addr, "--mail-listen")
	return err
}

// run takes mails until ctx ends, and forgets those that are old.
func (i *incoming) run(ctx context.Context) error {
	g := lifecycle.NewGroup(ctx)
	if i.smtp != nil {
		g.Go("smtp", func(ctx context.Context) error { return i.smtp.Serve(ctx, i.listener) })
	}
	if i.imap != nil {
		g.Go("imap", i.imap.Run)
	}
	g.Go("old mails", i.inbox.Sweep)
	return g.Wait()
}

func (i *incoming) close() error {
	if i == nil {
		return nil
	}
	return i.bucket.Close()
}
