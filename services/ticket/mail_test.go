package ticket_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// openMail sends a mail in the given parts as a service.
func (f *fixture) openMail(ctx context.Context, service string, parts ...*ticketv1.OpenMailTicketRequest) (int64, error) {
	f.t.Helper()
	stream, err := ticketv1.NewMailTicketServiceClient(f.server.InProcess(service)).OpenMailTicket(ctx)
	require.NoError(f.t, err)
	for _, part := range parts {
		if stream.Send(part) != nil {
			break // the answer tells why
		}
	}
	res, err := stream.CloseAndRecv()
	return res.GetTicket(), err
}

func letter(id string, change func(*ticketv1.Mail)) *ticketv1.OpenMailTicketRequest {
	m := &ticketv1.Mail{
		Id: id, EmergencyPage: "p-" + id, ReceiveTime: timestamppb.New(time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)),
		Subject: "Shop is down", Body: "502 everywhere", SenderName: "Uma", SenderEmail: "uma@acme.example", Person: "uma", Organization: "acme",
	}
	if change != nil {
		change(m)
	}
	return &ticketv1.OpenMailTicketRequest{Part: &ticketv1.OpenMailTicketRequest_Mail{Mail: m}}
}

func piece(text string) *ticketv1.OpenMailTicketRequest {
	return &ticketv1.OpenMailTicketRequest{Part: &ticketv1.OpenMailTicketRequest_Chunk{Chunk: []byte(text)}}
}

func (f *fixture) messages(number int64) []*ticketv1.Message {
	f.t.Helper()
	res, err := f.client.ListMessages(f.as("sam"), &ticketv1.ListMessagesRequest{Ticket: number})
	require.NoError(f.t, err)
	return res.GetMessages()
}

func TestMailBecomesATicket(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		ctx := f.t.Context()
		number, err := f.openMail(ctx, "emergency", letter("m1", nil), piece("Subject: Shop is down\r\n\r\n"), piece("502 everywhere"))
		require.NoError(f.t, err)
		again, err := f.openMail(ctx, "emergency", letter("m1", nil), piece("whatever"))
		require.NoError(f.t, err)
		require.Equal(f.t, number, again)

		seen, err := f.client.GetTicket(f.as("uma"), &ticketv1.GetTicketRequest{Ticket: number})
		require.NoError(f.t, err)
		require.Equal(f.t, ticketv1.Priority_PRIORITY_URGENT, seen.GetPriority())
		require.Equal(f.t, "502 everywhere", seen.GetDescription())
		messages := f.messages(number)
		require.Len(f.t, messages, 2)
		require.Equal(f.t, ticketv1.Message_KIND_NOTE, messages[1].GetKind())
		require.Equal(f.t, "Emergency mailbox", messages[1].GetAuthor().GetName())
		file := messages[1].GetAttachments()[0]
		require.Equal(f.t, "mail.eml", file.GetFilename())
		download, err := ticketv1.NewAttachmentServiceClient(f.server.InProcess("gateway")).Download(f.as("sam"), &ticketv1.DownloadRequest{Attachment: file.GetId()})
		require.NoError(f.t, err)
		var content strings.Builder
		for {
			part, err := download.Recv()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(f.t, err)
			content.Write(part.GetChunk())
		}
		require.Equal(f.t, "Subject: Shop is down\r\n\r\n502 everywhere", content.String())

		onto, err := f.openMail(ctx, "emergency", letter("m2", func(m *ticketv1.Mail) { m.Outage, m.EmergencyPage = "m1", "p-m2" }), piece("still"))
		require.NoError(f.t, err)
		require.Equal(f.t, number, onto)
		var told map[int64]*eventv1.TicketEvent
		testkit.Eventually(f.t, func() bool { told = f.notification.of(number); return told[1] != nil && told[3] != nil }, "notification hears of it")
		require.True(f.t, told[1].GetBecameUrgent())
		require.Equal(f.t, "p-m1", told[1].GetEmergencyPage())
		require.Equal(f.t, "premium", told[1].GetTicket().GetPlan())
		require.Empty(f.t, told[1].GetCreated().GetMessage().GetAttachments(), "the mail as it came is for staff")
		require.Empty(f.t, told[3].GetEmergencyPage(), "the ticket was urgent already")
		require.Equal(f.t, "502 everywhere", told[3].GetReplied().GetMessage().GetBody())
	})
}

// TestARedactedMailIsGoneAsItCameToo: of the text of a mail, its file holds the same.
func TestARedactedMailIsGoneAsItCameToo(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		ctx := f.t.Context()
		number, err := f.openMail(ctx, "emergency", letter("m1", func(m *ticketv1.Mail) { m.Body = "the password is hunter2" }), piece("the password is hunter2"))
		require.NoError(f.t, err)
		_, err = f.openMail(ctx, "emergency", letter("m2", func(m *ticketv1.Mail) { m.Outage = "m1" }), piece("still"))
		require.NoError(f.t, err)
		_, err = f.openMail(ctx, "emergency", letter("m3", func(m *ticketv1.Mail) { m.Outage, m.Person, m.Body = "m1", "", "hunter2 it was" }), piece("hunter2 it was"))
		require.NoError(f.t, err)
		files := func() (n []int) {
			for _, m := range f.messages(number) {
				n = append(n, len(m.GetAttachments()))
			}
			return n
		}
		require.Equal(f.t, []int{0, 1, 0, 1, 1}, files())
		file := f.messages(number)[1].GetAttachments()[0].GetId()
		redact := func(message int, texts ...string) {
			_, err := f.client.RedactMessage(f.as("sam"), &ticketv1.RedactMessageRequest{
				Ticket: number, Message: f.messages(number)[message].GetId(), Reason: "a password", Texts: texts,
			})
			require.NoError(f.t, err)
		}
		redact(0, "hunter2")
		require.Equal(f.t, []int{0, 0, 0, 1, 1}, files(), "of that mail only")
		require.Equal(f.t, "the password is [redacted]", f.messages(number)[0].GetBody())
		require.Contains(f.t, f.messages(number)[1].GetBody(), "The mail as it came", "which stays")
		download, err := ticketv1.NewAttachmentServiceClient(f.server.InProcess("gateway")).Download(f.as("sam"), &ticketv1.DownloadRequest{Attachment: file})
		if err == nil {
			_, err = download.Recv()
		}
		require.ErrorIs(f.t, err, fault.NotFound)
		redact(2)
		require.Equal(f.t, []int{0, 0, 0, 0, 1}, files(), "all of a message")
		number2, err := f.openMail(ctx, "emergency", letter("m4", func(m *ticketv1.Mail) { m.Subject = "hunter2" }), piece("Subject: hunter2"))
		require.NoError(f.t, err)
		require.Len(f.t, f.messages(number2)[1].GetAttachments(), 1)
		_, err = f.client.RedactField(f.as("sam"), &ticketv1.RedactFieldRequest{Ticket: number2, Field: "subject", Reason: "a password"})
		require.NoError(f.t, err)
		require.Empty(f.t, f.messages(number2)[1].GetAttachments(), "the head of the mail has the subject")
		redact(4, "hunter2")
		require.Equal(f.t, []int{0, 0, 0, 0, 0}, files(), "a note that is the mail of a stranger")
	})
}

func TestStrangersMailMoves(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		number, err := f.openMail(f.t.Context(), "emergency", letter("m1", func(m *ticketv1.Mail) { m.Person, m.Organization = "", "" }), piece("x"))
		require.NoError(f.t, err)
		_, err = f.client.GetTicket(f.as("uma"), &ticketv1.GetTicketRequest{Ticket: number})
		require.ErrorIs(f.t, err, fault.NotFound)
		seen, err := f.client.GetTicket(f.as("sam"), &ticketv1.GetTicketRequest{Ticket: number})
		require.NoError(f.t, err)
		require.Equal(f.t, "unassigned", seen.GetOrganization())
		require.Equal(f.t, "uma@acme.example", seen.GetRequester().GetEmail())
		require.Empty(f.t, seen.GetRequester().GetId())

		_, err = f.client.ChangeRequester(f.as("sam"), &ticketv1.ChangeRequesterRequest{Ticket: number, Requester: "gina"})
		require.NoError(f.t, err)
		_, err = f.client.GetTicket(f.as("gus"), &ticketv1.GetTicketRequest{Ticket: number})
		require.NoError(f.t, err)
		for _, peer := range []*peers{f.notification, f.triage} {
			var moved *eventv1.TicketEvent
			testkit.Eventually(f.t, func() bool { moved = peer.of(number)[3]; return moved != nil }, "it is told")
			require.Equal(f.t, "globex", moved.GetTicket().GetOrganization())
			require.Equal(f.t, "standard", moved.GetTicket().GetPlan())
			require.Equal(f.t, "gina", moved.GetTicket().GetRequester().GetId())
			require.Len(f.t, moved.GetRequesterChanged().GetConversation(), 1)
		}
	})
}

func TestMailsOutOfOrder(t *testing.T) {
	f := start(t, sqlite(t))
	for name, parts := range map[string][]*ticketv1.OpenMailTicketRequest{
		"nothing":       nil,
		"no mail":       {piece("x")},
		"two mails":     {letter("m1", nil), piece("x"), letter("m1", nil)},
		"empty part":    {letter("m1", nil), piece("")},
		"no part":       {letter("m1", nil), {}},
		"no id":         {letter("", nil)},
		"no time":       {letter("m1", func(m *ticketv1.Mail) { m.ReceiveTime = nil })},
		"no such time":  {letter("m1", func(m *ticketv1.Mail) { m.ReceiveTime = &timestamppb.Timestamp{Seconds: 1 << 50} })},
		"long outage":   {letter("m1", func(m *ticketv1.Mail) { m.Outage = strings.Repeat("x", 129) })},
		"large a piece": {letter("m1", nil), piece(strings.Repeat("x", 1<<20+1))},
	} {
		_, err := f.openMail(t.Context(), "emergency", parts...)
		require.ErrorIs(t, err, fault.Invalid, name)
	}
	_, err := f.openMail(t.Context(), "emergency", letter("m2", func(m *ticketv1.Mail) { m.Outage = "m1" }), piece("x"))
	require.ErrorIs(t, err, fault.Precondition)
	require.Equal(t, "OUTAGE_HAS_NO_TICKET", fault.ReasonOf(err))

	ctx, cancel := context.WithCancel(t.Context())
	stream, err := ticketv1.NewMailTicketServiceClient(f.server.InProcess("emergency")).OpenMailTicket(ctx)
	require.NoError(t, err)
	require.NoError(t, stream.Send(letter("m3", nil)))
	require.NoError(t, stream.Send(piece("half of it")))
	cancel()
	_, err = stream.CloseAndRecv()
	require.Error(t, err)
	for _, table := range []string{"tickets", "mail_tickets", "attachments"} {
		var n int
		require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n))
		require.Zero(t, n, table)
	}

	for _, service := range []string{"gateway", "notification", "identity"} {
		_, err := f.openMail(t.Context(), service, letter("m1", nil), piece("x"))
		require.Contains(t, []fault.Kind{fault.Denied, fault.Unauthenticated}, fault.KindOf(err), service)
		_, err = f.openMail(f.as("sam"), service, letter("m1", nil), piece("x"))
		require.ErrorIs(t, err, fault.Denied, service)
	}
	_, err = f.openMail(f.as("sam"), "emergency", letter("m1", nil), piece("x"))
	require.ErrorIs(t, err, fault.Denied, "no person sends mails here")
}
