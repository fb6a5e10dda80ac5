package supportctl

import (
	"fmt"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

type mailGroup struct {
	List       listDeliveries    `cmd:"" help:"The mails of a ticket, one per message and person."`
	Resend     resendDelivery    `cmd:"" help:"Send a mail again."`
	In         listInbound       `cmd:"" help:"Mails that came in, newest first, and what became of them."`
	Show       showInbound       `cmd:"" help:"Show a mail that came in."`
	Raw        rawInbound        `cmd:"" help:"Write a mail that came in to standard output, as it came."`
	Release    releaseInbound    `cmd:"" help:"Append a mail of the quarantine to its ticket."`
	Discard    discardInbound    `cmd:"" help:"Take a mail out of the quarantine for good."`
	Suppressed listSuppressions  `cmd:"" help:"Addresses that get no mail for now, because mails to them came back."`
	Unsuppress deleteSuppression `cmd:"" help:"Have an address get mail again."`
}

type listDeliveries struct {
	Ticket int64 `arg:"" help:"Number."`
}

func (c listDeliveries) Run(e *env) error {
	res, err := notificationv1.NewMailServiceClient(e.conn).ListDeliveries(e.ctx, &notificationv1.ListDeliveriesRequest{Ticket: c.Ticket, PageSize: 100})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"DELIVERY", "RECIPIENT", "WHY", "STATE", "ATTEMPTS", "LAST ANSWER"}}
		for _, d := range res.GetDeliveries() {
			rows = append(rows, row{d.GetId(), d.GetRecipient().GetEmail(), d.GetReason(), d.GetState(), fmt.Sprint(d.GetAttempts()), d.GetLastAnswer()})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more)"})
		}
		return rows
	})
}

type resendDelivery struct {
	Delivery string `arg:"" help:"Id."`
}

func (c resendDelivery) Run(e *env) error {
	d, err := notificationv1.NewMailServiceClient(e.conn).ResendDelivery(e.ctx, &notificationv1.ResendDeliveryRequest{Delivery: c.Delivery})
	if err != nil {
		return err
	}
	return e.out.message(d, func() []row { return []row{{"delivery", d.GetId()}, {"state", d.GetState()}} })
}

type listInbound struct {
	Verdict string `help:"waiting, appended, created, quarantined, rejected, ignored or recorded."`
	Ticket  int64  `help:"Only mails about this ticket."`
}

func (c listInbound) Run(e *env) error {
	res, err := notificationv1.NewMailServiceClient(e.conn).ListInboundMails(e.ctx, &notificationv1.ListInboundMailsRequest{Verdict: c.Verdict, Ticket: c.Ticket})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"MAIL", "CAME", "FROM", "TICKET", "VERDICT", "REASON", "SUBJECT"}}
		for _, m := range res.GetInboundMails() {
			rows = append(rows, row{m.GetId(), instant(m.GetReceiveTime()), m.GetSender(), fmt.Sprint(m.GetTicket()), m.GetVerdict(), m.GetReason(), m.GetSubject()})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more: narrow it with --verdict or --ticket)"})
		}
		return rows
	})
}

type showInbound struct {
	Mail string `arg:"" help:"Id."`
}

func (c showInbound) Run(e *env) error {
	m, err := notificationv1.NewMailServiceClient(e.conn).GetInboundMail(e.ctx, &notificationv1.GetInboundMailRequest{InboundMail: c.Mail})
	if err != nil {
		return err
	}
	return e.out.message(m, func() []row { return inboundRows(m) })
}

func inboundRows(m *notificationv1.InboundMail) []row {
	rows := []row{
		{"mail", m.GetId()},
		{"came", instant(m.GetReceiveTime())},
		{"from", m.GetSender()},
		{"given to", personName(m.GetHolder())},
		{"ticket", fmt.Sprint(m.GetTicket())},
		{"subject", m.GetSubject()},
		{"verdict", m.GetVerdict()},
		{"reason", m.GetReason()},
		{"detail", m.GetDetail()},
		{"released or discarded by", personName(m.GetReleaser())},
		{"message", m.GetMessage()},
	}
	for _, f := range m.GetFiles() {
		rows = append(rows, row{"file", f})
	}
	if m.GetText() != "" {
		rows = append(rows, row{""}, row{m.GetText()})
	}
	return rows
}

type rawInbound struct {
	Mail string `arg:"" help:"Id."`
}

func (c rawInbound) Run(e *env) error {
	stream, err := notificationv1.NewMailServiceClient(e.conn).DownloadInboundMail(e.ctx, &notificationv1.DownloadInboundMailRequest{InboundMail: c.Mail})
	if err != nil {
		return err
	}
	return writeChunks(e.out.w, stream.Recv)
}

type releaseInbound struct {
	Mail string `arg:"" help:"Id."`
}

func (c releaseInbound) Run(e *env) error {
	m, err := notificationv1.NewMailServiceClient(e.conn).ReleaseInboundMail(e.ctx, &notificationv1.ReleaseInboundMailRequest{InboundMail: c.Mail})
	if err != nil {
		return err
	}
	return e.out.message(m, func() []row { return inboundRows(m) })
}

type discardInbound struct {
	Mail string `arg:"" help:"Id."`
}

func (c discardInbound) Run(e *env) error {
	m, err := notificationv1.NewMailServiceClient(e.conn).DiscardInboundMail(e.ctx, &notificationv1.DiscardInboundMailRequest{InboundMail: c.Mail})
	if err != nil {
		return err
	}
	return e.out.message(m, func() []row { return inboundRows(m) })
}

type listSuppressions struct{}

func (listSuppressions) Run(e *env) error {
	res, err := notificationv1.NewMailServiceClient(e.conn).ListSuppressions(e.ctx, &notificationv1.ListSuppressionsRequest{PageSize: 100})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"SUPPRESSION", "ADDRESS", "WHY", "UNTIL", "SAID"}}
		for _, s := range res.GetSuppressions() {
			rows = append(rows, row{s.GetId(), s.GetAddress(), s.GetReason(), instant(s.GetEndTime()), s.GetDetail()})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more)"})
		}
		return rows
	})
}

type deleteSuppression struct {
	Suppression string `arg:"" help:"Id."`
}

func (c deleteSuppression) Run(e *env) error {
	res, err := notificationv1.NewMailServiceClient(e.conn).DeleteSuppression(e.ctx, &notificationv1.DeleteSuppressionRequest{Suppression: c.Suppression})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row { return []row{{"the address gets mail again"}} })
}
