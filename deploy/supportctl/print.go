package supportctl

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// printer writes results as text for people or as JSON for scripts.
type printer struct {
	w    io.Writer
	json bool
}

// row is one line of a table.
type row []string

// message prints m as JSON, or the rows that table makes of it.
func (p printer) message(m proto.Message, table func() []row) error {
	if p.json {
		text, err := protojson.MarshalOptions{Multiline: true, EmitUnpopulated: true}.Marshal(m)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(p.w, string(text))
		return err
	}
	w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	for _, r := range table() {
		for i, cell := range r {
			r[i] = visible(cell)
		}
		if _, err := fmt.Fprintln(w, strings.Join(r, "\t")); err != nil {
			return err
		}
	}
	return w.Flush()
}

// visible replaces control characters: a subject must not steer the terminal.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
}

// enumWord is the name of an enum value as people say it: "on hold".
func enumWord(v fmt.Stringer, prefix string) string {
	word := strings.TrimPrefix(v.String(), prefix)
	if word == "UNSPECIFIED" {
		return "-"
	}
	return strings.ToLower(strings.ReplaceAll(word, "_", " "))
}

func instant(t *timestamppb.Timestamp) string {
	if t == nil {
		return "-"
	}
	return t.AsTime().Local().Format(time.DateTime)
}

func personName(p *ticketv1.Person) string {
	switch {
	case p == nil:
		return "-"
	case p.GetName() != "":
		return p.GetName()
	default:
		return p.GetEmail()
	}
}

func scopeText(s *ticketv1.Scope) string {
	if s.GetAll() {
		return "all applications"
	}
	var parts []string
	for _, t := range s.GetTargets() {
		name := or(t.GetApplicationName(), t.GetApplication())
		if env := or(t.GetEnvironmentName(), t.GetEnvironment()); env != "" {
			name += "/" + env
		}
		parts = append(parts, name)
	}
	return strings.Join(parts, ", ")
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
