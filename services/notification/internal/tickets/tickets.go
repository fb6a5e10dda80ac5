// Package tickets hands the ticket service what came in by mail.
package tickets

import (
	"context"
	"errors"
	"io"

	"google.golang.org/grpc"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/mailin"
)

// chunk is how much of a file goes at once.
const chunk = 256 << 10

// Client calls the ticket service.
type Client struct {
	replies ticketv1.MailReplyServiceClient
}

// New returns a client over a connection to the ticket service.
func New(conn grpc.ClientConnInterface) *Client {
	return &Client{replies: ticketv1.NewMailReplyServiceClient(conn)}
}

// Append adds a mail to a ticket as a message of its sender, and returns the message and its ticket, which is a follow-up of one
// that was closed. Called again with the same mail it returns the same. Faults are those of AppendMailReply.
func (c *Client) Append(ctx context.Context, r domain.MailReply, files []mailin.File) (ticket int64, message string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the stream when it is given up
	stream, err := c.replies.AppendMailReply(ctx)
	if err != nil {
		return 0, "", err
	}
	reply := &ticketv1.MailReply{Mail: r.Mail, Ticket: r.Ticket, Person: r.Sender.ID, Address: r.Sender.Email, Body: r.Body, Quoted: r.Quoted}
	err = stream.Send(&ticketv1.AppendMailReplyRequest{Part: &ticketv1.AppendMailReplyRequest_Reply{Reply: reply}})
	if err == nil {
		err = send(files, func(header *ticketv1.UploadHeader) error {
			return stream.Send(&ticketv1.AppendMailReplyRequest{Part: &ticketv1.AppendMailReplyRequest_File{File: header}})
		}, func(chunk []byte) error {
			return stream.Send(&ticketv1.AppendMailReplyRequest{Part: &ticketv1.AppendMailReplyRequest_Chunk{Chunk: chunk}})
		})
	}
	// io.EOF says that the answer is there before all was sent: it is an error, or the message of an earlier call.
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, "", err
	}
	made, err := stream.CloseAndRecv()
	return made.GetTicket(), made.GetMessage(), err
}

// Leave takes a CC off a ticket. Faults are those of LeaveTicket.
func (c *Client) Leave(ctx context.Context, ticket int64, address string) error {
	_, err := c.replies.LeaveTicket(ctx, &ticketv1.LeaveTicketRequest{Ticket: ticket, Address: address})
	return err
}

// Open has a mail become a ticket, and returns its number and first message. Called again with the same mail it returns the same.
// Faults are those of OpenMailRequest.
func (c *Client) Open(ctx context.Context, r domain.MailRequest, files []mailin.File) (ticket int64, message string, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the stream when it is given up
	stream, err := c.replies.OpenMailRequest(ctx)
	if err != nil {
		return 0, "", err
	}
	mail := &ticketv1.MailRequest{
		Mail: r.Mail, Person: r.Person, SenderName: r.Sender.Name, SenderEmail: r.Sender.Email, Subject: r.Subject, Body: r.Body, About: r.About,
	}
	err = stream.Send(&ticketv1.OpenMailRequestRequest{Part: &ticketv1.OpenMailRequestRequest_Mail{Mail: mail}})
	if err == nil {
		err = send(files, func(header *ticketv1.UploadHeader) error {
			return stream.Send(&ticketv1.OpenMailRequestRequest{Part: &ticketv1.OpenMailRequestRequest_File{File: header}})
		}, func(chunk []byte) error {
			return stream.Send(&ticketv1.OpenMailRequestRequest{Part: &ticketv1.OpenMailRequestRequest_Chunk{Chunk: chunk}})
		})
	}
	if err != nil && !errors.Is(err, io.EOF) { // as above
		return 0, "", err
	}
	made, err := stream.CloseAndRecv()
	return made.GetTicket(), made.GetMessage(), err
}

// send sends files, each its header before its content.
func send(files []mailin.File, header func(*ticketv1.UploadHeader) error, content func([]byte) error) error {
	for _, f := range files {
		if err := header(&ticketv1.UploadHeader{Filename: f.Name, Size: int64(len(f.Content))}); err != nil {
			return err
		}
		for rest := f.Content; len(rest) > 0; {
			n := min(chunk, len(rest))
			if err := content(rest[:n]); err != nil {
				return err
			}
			rest = rest[n:]
		}
	}
	return nil
}
