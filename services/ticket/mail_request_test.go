package ticket_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// askByMail sends a mail in the given parts as a service.
func (f *fixture) askByMail(service string, parts ...*ticketv1.OpenMailRequestRequest) (*ticketv1.OpenMailRequestResponse, error) {
	f.t.Helper()
	stream, err := ticketv1.NewMailReplyServiceClient(f.server.InProcess(service)).OpenMailRequest(f.t.Context())
	require.NoError(f.t, err)
	for _, part := range parts {
		if stream.Send(part) != nil {
			break // the answer tells why
		}
	}
	return stream.CloseAndRecv()
}

func requestOf(id, person string) *ticketv1.OpenMailRequestRequest {
	return &ticketv1.OpenMailRequestRequest{Part: &ticketv1.OpenMailRequestRequest_Mail{Mail: &ticketv1.MailRequest{
		Mail: id, Person: person, SenderName: "Uma", SenderEmail: "uma@acme.example", Subject: "Cache", Body: "How?",
	}}}
}

func fileOf(name string) *ticketv1.OpenMailRequestRequest {
	return &ticketv1.OpenMailRequestRequest{Part: &ticketv1.OpenMailRequestRequest_File{File: &ticketv1.UploadHeader{Filename: name}}}
}

func chunkOf(text string) *ticketv1.OpenMailRequestRequest {
	return &ticketv1.OpenMailRequestRequest{Part: &ticketv1.OpenMailRequestRequest_Chunk{Chunk: []byte(text)}}
}

func TestAMailToTheDeskBecomesATicket(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		made, err := f.askByMail("notification", requestOf("m1", "uma"), fileOf("a.log"), chunkOf("GET "), chunkOf("/"), fileOf("b.log"), chunkOf("x"))
		require.NoError(f.t, err)
		again, err := f.askByMail("notification", requestOf("m1", "uma"))
		require.NoError(f.t, err)
		require.Equal(f.t, made.GetMessage(), again.GetMessage())
		seen, err := f.client.GetTicket(f.as("uma"), &ticketv1.GetTicketRequest{Ticket: made.GetTicket()})
		require.NoError(f.t, err)
		require.Equal(f.t, ticketv1.TicketType_TICKET_TYPE_QUESTION, seen.GetType())
		require.Equal(f.t, "uma", seen.GetRequester().GetId())
		messages := f.messages(made.GetTicket())
		require.Len(f.t, messages, 1)
		require.Equal(f.t, made.GetMessage(), messages[0].GetId())
		require.Len(f.t, messages[0].GetAttachments(), 2)
		require.EqualValues(f.t, 5, messages[0].GetAttachments()[0].GetSize())
		for _, peer := range []*peers{f.notification, f.triage} {
			var told *eventv1.TicketEvent
			testkit.Eventually(f.t, func() bool { told = peer.of(made.GetTicket())[1]; return told != nil }, "it is told")
			require.Equal(f.t, "uma", told.GetActor().GetId())
			require.Empty(f.t, told.GetActorService())
			require.False(f.t, told.GetTicket().GetPrioritySet())
			require.False(f.t, told.GetBecameUrgent())
		}
	})
}

func TestMailRequestsOutOfOrder(t *testing.T) {
	f := start(t, sqlite(t))
	for name, parts := range map[string][]*ticketv1.OpenMailRequestRequest{
		"nothing":             nil,
		"no mail":             {fileOf("a.log"), chunkOf("x")},
		"two mails":           {requestOf("m1", "uma"), requestOf("m2", "uma")},
		"a mail after a file": {requestOf("m1", "uma"), fileOf("a.log"), chunkOf("x"), requestOf("m1", "uma")},
		"no file":             {requestOf("m1", "uma"), chunkOf("x")},
		"an empty file":       {requestOf("m1", "uma"), fileOf("a.log")},
		"an empty part":       {requestOf("m1", "uma"), {}},
		"no id":               {requestOf("", "uma")},
		"staff":               {requestOf("m1", "sam")},
	} {
		_, err := f.askByMail("notification", parts...)
		require.ErrorIs(t, err, fault.Invalid, name)
	}
	for _, table := range []string{"tickets", "mail_tickets"} {
		var n int
		require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n))
		require.Zero(t, n, table)
	}
	for _, service := range []string{"gateway", "emergency", "identity"} {
		_, err := f.askByMail(service, requestOf("m1", "uma"))
		require.Contains(t, []fault.Kind{fault.Denied, fault.Unauthenticated}, fault.KindOf(err), service)
	}
}
