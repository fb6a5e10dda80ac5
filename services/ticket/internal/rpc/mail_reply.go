package rpc

import (
	"errors"
	"io"

	"altis-dxp.com/support/pkg/fault"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// MailReplyServer implements ticketv1.MailReplyServiceServer.
type MailReplyServer struct {
	ticketv1.UnimplementedMailReplyServiceServer
	Mails *domain.Mails
}

// AppendMailReply implements ticketv1.MailReplyServiceServer.
func (s *MailReplyServer) AppendMailReply(stream ticketv1.MailReplyService_AppendMailReplyServer) error {
	first, err := stream.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	reply := first.GetReply()
	if reply == nil {
		return fault.InvalidField("reply", "REQUIRED", "the first part must be the reply")
	}
	files := &mailFiles{receive: func() (mailPart, error) {
		part, err := stream.Recv()
		if part.GetReply() != nil {
			return nil, fault.InvalidField("reply", "REPEATED", "there can be only one reply")
		}
		return part, err
	}}
	m, err := s.Mails.Reply(stream.Context(), domain.MailReply{
		Mail: reply.GetMail(), Number: reply.GetTicket(), Person: reply.GetPerson(), Address: reply.GetAddress(), Body: reply.GetBody(),
		Quoted: reply.GetQuoted(),
	}, files.next)
	if err != nil {
		return err
	}
	return stream.SendAndClose(&ticketv1.AppendMailReplyResponse{Ticket: m.Number, Message: m.ID})
}

// OpenMailRequest implements ticketv1.MailReplyServiceServer.
func (s *MailReplyServer) OpenMailRequest(stream ticketv1.MailReplyService_OpenMailRequestServer) error {
	first, err := stream.Recv()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	mail := first.GetMail()
	if mail == nil {
		return fault.InvalidField("mail", "REQUIRED", "the first part must be what was read of the mail")
	}
	files := &mailFiles{receive: func() (mailPart, error) {
		part, err := stream.Recv()
		if part.GetMail() != nil {
			return nil, fault.InvalidField("mail", "REPEATED", "there can be only one mail")
		}
		return part, err
	}}
	m, err := s.Mails.Open(stream.Context(), domain.MailRequest{
		Mail: mail.GetMail(), Person: mail.GetPerson(), Sender: domain.Person{Name: mail.GetSenderName(), Email: mail.GetSenderEmail()},
		Subject: mail.GetSubject(), Body: mail.GetBody(), About: mail.GetAbout(),
	}, files.next)
	if err != nil {
		return err
	}
	return stream.SendAndClose(&ticketv1.OpenMailRequestResponse{Ticket: m.Number, Message: m.ID})
}

// mailPart is a part of a mail after the first.
type mailPart interface {
	GetFile() *ticketv1.UploadHeader
	GetChunk() []byte
}

// mailFiles reads files that follow each other. It is the content of the one that it has returned last.
type mailFiles struct {
	receive func() (mailPart, error)
	file    *ticketv1.UploadHeader // read already: the next one
	rest    []byte
	ended   bool // the stream did
}

// next implements domain.MailFiles.
func (f *mailFiles) next() (domain.Upload, bool, error) {
	if f.file == nil && !f.ended {
		if err := f.read(); err != nil {
			return domain.Upload{}, false, err
		}
		if len(f.rest) > 0 {
			return domain.Upload{}, false, fault.InvalidField("chunk", "UNEXPECTED", "a file begins with its header")
		}
	}
	if f.ended {
		return domain.Upload{}, false, nil
	}
	u := domain.Upload{Filename: f.file.GetFilename(), Size: f.file.GetSize(), Content: f}
	f.file = nil
	return u, true, nil
}

// read reads a part: a file's header, its content, or the end.
func (f *mailFiles) read() error {
	part, err := f.receive()
	switch {
	case errors.Is(err, io.EOF):
		f.ended = true
		return nil
	case err != nil:
		return err
	}
	f.file, f.rest = part.GetFile(), part.GetChunk()
	return nil
}

// Read implements io.Reader for the file whose header was read last.
func (f *mailFiles) Read(p []byte) (int, error) {
	if len(f.rest) == 0 && f.file == nil && !f.ended {
		if err := f.read(); err != nil {
			return 0, err
		}
	}
	if len(f.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}
