package domain

import (
	"context"
	"io"

	"altis-dxp.com/support/pkg/fault"
)

// Download is the part of an attachment to be read.
type Download struct {
	ID     string
	Offset int64
	Limit  int64 // 0 = to the end
}

// Download returns a visible attachment and its content, which the caller closes.
// Faults: NotFound, Invalid.
func (l *Library) Download(ctx context.Context, caller Caller, d Download) (Attachment, io.ReadCloser, error) {
	a, object, err := l.Store.Attachment(ctx, caller.ID, d.ID)
	if err != nil {
		return Attachment{}, nil, err
	}
	if d.Offset > a.Size {
		return Attachment{}, nil, fault.InvalidField("offset", "OUT_OF_RANGE", "lies behind the end of the file")
	}
	length := a.Size - d.Offset
	if d.Limit > 0 {
		length = min(length, d.Limit)
	}
	content, err := l.Contents.Read(ctx, object, d.Offset, length)
	return a, content, err
}
