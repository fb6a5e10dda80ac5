package ticket_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/testkit"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// upload sends a file in the given parts.
func (f *fixture) upload(ctx context.Context, parts ...*ticketv1.UploadRequest) (*ticketv1.Attachment, error) {
	f.t.Helper()
	stream, err := ticketv1.NewAttachmentServiceClient(f.server.InProcess("gateway")).Upload(ctx)
	require.NoError(f.t, err)
	for _, part := range parts {
		if stream.Send(part) != nil {
			break // the answer tells why
		}
	}
	return stream.CloseAndRecv()
}

func header(name string) *ticketv1.UploadRequest {
	return &ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Header{Header: &ticketv1.UploadHeader{Filename: name}}}
}

func chunk(text string) *ticketv1.UploadRequest {
	return &ticketv1.UploadRequest{Part: &ticketv1.UploadRequest_Chunk{Chunk: []byte(text)}}
}

func TestAttachmentsAreTold(t *testing.T) {
	everyEngine(t, func(f *fixture) {
		file, err := f.upload(f.as("uma"), header("access.log"), chunk("GET "), chunk("/"))
		require.NoError(f.t, err)
		created, err := f.client.CreateTicket(f.as("uma"), &ticketv1.CreateTicketRequest{Ticket: question(), Attachments: []string{file.GetId()}})
		require.NoError(f.t, err)
		var told []*eventv1.PublicAttachment
		testkit.Eventually(f.t, func() bool {
			told = f.notification.of(created.GetNumber())[1].GetCreated().GetMessage().GetAttachments()
			return len(told) == 1
		}, "notification hears of the file")
		require.Equal(f.t, "access.log", told[0].GetFilename())
		require.EqualValues(f.t, 5, told[0].GetSize())
	})
}

func TestUploadsOutOfOrder(t *testing.T) {
	f := start(t, sqlite(t))
	for name, parts := range map[string][]*ticketv1.UploadRequest{
		"nothing":     nil,
		"no header":   {chunk("x")},
		"two headers": {header("x"), chunk("x"), header("y")},
		"no content":  {header("x")},
		"empty part":  {header("x"), chunk("")},
		"no part":     {header("x"), {}},
	} {
		_, err := f.upload(f.as("uma"), parts...)
		require.ErrorIs(t, err, fault.Invalid, name)
	}
	_, err := f.upload(t.Context(), header("x"), chunk("x"))
	require.ErrorIs(t, err, fault.Unauthenticated)
	var n int
	require.NoError(t, f.db.Reader().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM attachments").Scan(&n))
	require.Zero(t, n)
}
