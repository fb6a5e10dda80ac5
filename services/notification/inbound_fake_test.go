package notification_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"google.golang.org/protobuf/types/known/emptypb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// zone is a DNS of TXT records.
type zone struct {
	mu    sync.Mutex
	texts map[string]string
}

func (z *zone) set(name, text string) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.texts[name] = text
}

// LookupMX implements mailauth.DNS.
func (*zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, unknownHost(name)
}

// LookupIPAddr implements mailauth.DNS.
func (*zone) LookupIPAddr(_ context.Context, host string) ([]net.IPAddr, error) {
	return nil, unknownHost(host)
}

// LookupAddr implements mailauth.DNS.
func (*zone) LookupAddr(_ context.Context, addr string) ([]string, error) {
	return nil, unknownHost(addr)
}

func unknownHost(name string) error {
	return &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// LookupTXT implements mailauth.DNS.
func (z *zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	switch text, ok := z.texts[name]; {
	case text == "panic": // as a parser might, for which it stands in
		panic("unforeseen")
	case text == "away":
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	case ok:
		return []string{text}, nil
	}
	return nil, unknownHost(name)
}

// appended is a reply that ticket took.
type appended struct {
	*ticketv1.MailReply
	files map[string]string
}

// opened is a mail that ticket made a ticket of.
type opened struct {
	*ticketv1.MailRequest
	files map[string]string
}

// repliesFake takes replies as ticket does.
type repliesFake struct {
	ticketv1.UnimplementedMailReplyServiceServer
	mu       sync.Mutex
	replies  []appended
	opens    []opened
	failing  error
	refusing error // of answers
	follow   int64 // number of the follow-up, when the ticket is closed
	left     []string
}

func (f *repliesFake) LeaveTicket(_ context.Context, req *ticketv1.LeaveTicketRequest) (*emptypb.Empty, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failing != nil {
		return nil, f.failing
	}
	f.left = append(f.left, fmt.Sprint(req.GetTicket(), " ", req.GetAddress()))
	return &emptypb.Empty{}, nil
}

func (f *repliesFake) gone() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string(nil), f.left...)
}

func (f *repliesFake) AppendMailReply(stream ticketv1.MailReplyService_AppendMailReplyServer) error {
	a := appended{files: map[string]string{}}
	name := ""
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch {
		case part.GetReply() != nil:
			a.MailReply = part.GetReply()
		case part.GetFile() != nil:
			name = part.GetFile().GetFilename()
		default:
			a.files[name] += string(part.GetChunk())
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := cmp.Or(f.refusing, f.failing); err != nil {
		return err
	}
	f.replies = append(f.replies, a)
	number := a.GetTicket()
	if f.follow != 0 {
		number = f.follow
	}
	return stream.SendAndClose(&ticketv1.AppendMailReplyResponse{Ticket: number, Message: "message of " + a.GetMail()})
}

func (f *repliesFake) OpenMailRequest(stream ticketv1.MailReplyService_OpenMailRequestServer) error {
	o := opened{files: map[string]string{}}
	name := ""
	for {
		part, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		switch {
		case part.GetMail() != nil:
			o.MailRequest = part.GetMail()
		case part.GetFile() != nil:
			name = part.GetFile().GetFilename()
		default:
			o.files[name] += string(part.GetChunk())
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failing != nil {
		return f.failing
	}
	f.opens = append(f.opens, o)
	return stream.SendAndClose(&ticketv1.OpenMailRequestResponse{Ticket: int64(100 + len(f.opens)), Message: "message of " + o.GetMail()})
}

func (f *repliesFake) opened() []opened {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]opened(nil), f.opens...)
}

func (f *repliesFake) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failing = err
}

// refuse has it take no answers.
func (f *repliesFake) refuse(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refusing = err
}

func (f *repliesFake) taken() []appended {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]appended(nil), f.replies...)
}
