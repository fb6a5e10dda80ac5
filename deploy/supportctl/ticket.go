package supportctl

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/types/known/timestamppb"

	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

type ticketGroup struct {
	Create   createTicket `cmd:"" help:"Open a ticket. The description is read from standard input unless given."`
	List     listTickets  `cmd:"" help:"List tickets, newest change first."`
	Show     showTicket   `cmd:"" help:"Show a ticket with its conversation."`
	Reply    replyTicket  `cmd:"" help:"Reply to a ticket. The text is read from standard input unless given."`
	Note     noteTicket   `cmd:"" help:"Add an internal note, which only staff can read."`
	Download downloadFile `cmd:"" help:"Write a file of a message to standard output."`
	Solve    solveTicket  `cmd:"" help:"Mark a ticket solved."`
	Assign   assignTicket `cmd:"" help:"Give a ticket to a person of the staff."`
	Merge    mergeTicket  `cmd:"" help:"Close a duplicate: it goes on in another ticket of the same organization."`
}

type createTicket struct {
	Type         string    `help:"incident, problem, task or question." enum:"incident,problem,task,question" required:""`
	Priority     string    `help:"Incidents only: low, normal, high or urgent. Urgent pages the on-call engineers at once." enum:"low,normal,high,urgent," default:""`
	Impact       string    `help:"Incidents only: what users cannot do."`
	Since        time.Time `help:"Incidents only: RFC 3339 instant since when service is hurt." format:"2006-01-02T15:04:05Z07:00"`
	Callback     string    `help:"Incidents only: number where the engineer can call back."`
	App          []string  `help:"Application, or application/environment, by name; repeat for several; none means all."`
	CC           []string  `name:"cc" help:"Address that gets copies; repeat for several."`
	Organization string    `help:"Staff only: id of the customer's organization."`
	Requester    string    `help:"Staff only: person id of the member who asks."`
	Attach       []string  `type:"existingfile" help:"File to attach; repeat for several."`
	Subject      string    `arg:"" help:"One line of at most 200 characters."`
	Description  string    `arg:"" optional:"" help:"What happened."`
}

// Validate implements kong.Validatable.
func (c createTicket) Validate() error {
	if c.Type != "incident" && (c.Impact != "" || !c.Since.IsZero() || c.Callback != "") {
		return errors.New("--impact, --since and --callback are for incidents only")
	}
	return nil
}

func (c createTicket) Run(e *env) error {
	description, err := text(e, c.Description)
	if err != nil {
		return err
	}
	t := &ticketv1.Ticket{
		Type:         ticketv1.TicketType(ticketv1.TicketType_value["TICKET_TYPE_"+strings.ToUpper(c.Type)]),
		Priority:     ticketv1.Priority(ticketv1.Priority_value["PRIORITY_"+strings.ToUpper(c.Priority)]),
		Subject:      c.Subject,
		Description:  description,
		Organization: c.Organization,
	}
	if c.Type == "incident" {
		incident := &ticketv1.IncidentDetails{Impact: c.Impact, CallbackNumber: c.Callback}
		if !c.Since.IsZero() {
			incident.SinceTime = timestamppb.New(c.Since)
		}
		t.Details = &ticketv1.Ticket_Incident{Incident: incident}
	}
	if c.Requester != "" {
		t.Requester = &ticketv1.Person{Id: c.Requester}
	}
	for _, address := range c.CC {
		t.Ccs = append(t.Ccs, &ticketv1.Person{Email: address})
	}
	if t.Scope, err = c.scope(e); err != nil {
		return err
	}
	attachments, err := attach(e, c.Attach)
	if err != nil {
		return err
	}
	created, err := ticketv1.NewTicketServiceClient(e.conn).CreateTicket(e.ctx, &ticketv1.CreateTicketRequest{
		Ticket: t, RequestId: uuid.NewString(), Attachments: attachments,
	})
	if err != nil {
		return err
	}
	return e.out.message(created, func() []row { return summary(created) })
}

// scope finds the ids of the applications and environments that were named.
func (c createTicket) scope(e *env) (*ticketv1.Scope, error) {
	if len(c.App) == 0 {
		return &ticketv1.Scope{All: true}, nil
	}
	organization := c.Organization
	if organization == "" {
		self, err := identityv1.NewAccountServiceClient(e.conn).GetSelf(e.ctx, &identityv1.GetSelfRequest{})
		if err != nil {
			return nil, err
		}
		organization = self.GetOrganization().GetId()
	}
	if organization == "" {
		return nil, errors.New("--organization is needed to name applications")
	}
	known, err := applications(e, organization)
	if err != nil {
		return nil, err
	}
	scope := &ticketv1.Scope{}
	for _, name := range c.App {
		target, err := find(known, name)
		if err != nil {
			return nil, err
		}
		scope.Targets = append(scope.Targets, target)
	}
	return scope, nil
}

// applications returns all of an organization.
func applications(e *env, organization string) (all []*identityv1.Application, err error) {
	client := identityv1.NewDirectoryServiceClient(e.conn)
	for req := (&identityv1.ListApplicationsRequest{Organization: organization, PageSize: 100}); ; {
		res, err := client.ListApplications(e.ctx, req)
		if err != nil {
			return nil, err
		}
		all = append(all, res.GetApplications()...)
		if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
			return all, nil
		}
	}
}

func find(applications []*identityv1.Application, name string) (*ticketv1.ScopeTarget, error) {
	appName, envName, withEnv := strings.Cut(name, "/")
	for _, app := range applications {
		if !strings.EqualFold(app.GetName(), appName) {
			continue
		}
		if !withEnv {
			return &ticketv1.ScopeTarget{Application: app.GetId()}, nil
		}
		for _, environment := range app.GetEnvironments() {
			if strings.EqualFold(environment.GetName(), envName) {
				return &ticketv1.ScopeTarget{Application: app.GetId(), Environment: environment.GetId()}, nil
			}
		}
	}
	return nil, fmt.Errorf("there is no %q among the applications", name)
}

type listTickets struct {
	Filter   []string `arg:"" optional:"" help:"Query, such as: is:open type:incident priority:>=high app:shop sort:due."`
	View     string   `help:"mine, cc or all." enum:"mine,cc,all" default:"all"`
	TimeZone string   `help:"IANA time zone whose days the dates of the query are, such as Europe/Berlin." default:"UTC"`
	Limit    int32    `help:"At most so many, 1 to 100." default:"50"`
}

func (c listTickets) Run(e *env) error {
	res, err := ticketv1.NewTicketServiceClient(e.conn).ListTickets(e.ctx, &ticketv1.ListTicketsRequest{
		Filter:   strings.Join(c.Filter, " "),
		TimeZone: c.TimeZone,
		PageSize: c.Limit,
		View:     ticketv1.ListTicketsRequest_View(ticketv1.ListTicketsRequest_View_value["VIEW_"+strings.ToUpper(c.View)]),
	})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row {
		rows := []row{{"NUMBER", "TYPE", "PRIORITY", "STATUS", "CHANGED", "REQUESTER", "SUBJECT"}}
		for _, t := range res.GetTickets() {
			rows = append(rows, row{
				fmt.Sprint(t.GetNumber()), enumWord(t.GetType(), "TICKET_TYPE_"), enumWord(t.GetPriority(), "PRIORITY_"),
				enumWord(t.GetStatus(), "TICKET_STATUS_"), instant(t.GetUpdateTime()), personName(t.GetRequester()), t.GetSubject(),
			})
		}
		if res.GetNextPageToken() != "" {
			rows = append(rows, row{"(there are more: narrow the query, or raise --limit)"})
		}
		for _, issue := range res.GetFilterIssues() {
			rows = append(rows, row{fmt.Sprintf("(%s at %d: try %s)", issue.GetReason(), issue.GetOffset(), strings.Join(issue.GetSuggestions(), ", "))})
		}
		return rows
	})
}

type showTicket struct {
	Ticket int64 `arg:"" help:"Number."`
}

func (c showTicket) Run(e *env) error {
	client := ticketv1.NewTicketServiceClient(e.conn)
	t, err := client.GetTicket(e.ctx, &ticketv1.GetTicketRequest{Ticket: c.Ticket})
	if err != nil {
		return err
	}
	if e.out.json {
		return e.out.message(t, nil)
	}
	messages, err := conversation(e, client, c.Ticket)
	if err != nil {
		return err
	}
	return e.out.message(t, func() []row {
		rows := summary(t)
		for _, m := range messages {
			kind := ""
			if m.GetKind() == ticketv1.Message_KIND_NOTE {
				kind = " (internal note)"
			}
			rows = append(rows, row{""}, row{personName(m.GetAuthor()) + kind + ", " + instant(m.GetCreateTime())})
			for line := range strings.Lines(m.GetBody()) {
				rows = append(rows, row{"  " + strings.TrimRight(line, "\n")})
			}
			for _, a := range m.GetAttachments() {
				rows = append(rows, row{fmt.Sprintf("  [%s, %d bytes: ticket download %s]", a.GetFilename(), a.GetSize(), a.GetId())})
			}
		}
		return rows
	})
}

// conversation returns all messages, oldest first.
func conversation(e *env, client ticketv1.TicketServiceClient, number int64) (all []*ticketv1.Message, err error) {
	for req := (&ticketv1.ListMessagesRequest{Ticket: number, PageSize: 100}); ; {
		res, err := client.ListMessages(e.ctx, req)
		if err != nil {
			return nil, err
		}
		all = append(all, res.GetMessages()...)
		if req.PageToken = res.GetNextPageToken(); req.PageToken == "" {
			return all, nil
		}
	}
}

// summary is a ticket's head.
func summary(t *ticketv1.Ticket) []row {
	rows := []row{
		{fmt.Sprintf("#%d", t.GetNumber()), t.GetSubject()},
		{"type", enumWord(t.GetType(), "TICKET_TYPE_")},
		{"status", enumWord(t.GetStatus(), "TICKET_STATUS_")},
		{"priority", enumWord(t.GetPriority(), "PRIORITY_")},
		{"scope", scopeText(t.GetScope())},
		{"requester", personName(t.GetRequester())},
		{"assignee", personName(t.GetAssignee())},
		{"created", instant(t.GetCreateTime())},
		{"first response due", instant(t.GetFirstResponseDueTime())},
	}
	if t.GetMergedInto() != 0 {
		rows = append(rows, row{"merged into", fmt.Sprintf("#%d", t.GetMergedInto())})
	}
	switch page := t.GetPage(); page.GetState() {
	case ticketv1.PageState_PAGE_STATE_UNSPECIFIED, ticketv1.PageState_PAGE_STATE_NONE:
	case ticketv1.PageState_PAGE_STATE_ACKNOWLEDGED:
		rows = append(rows, row{"page", fmt.Sprintf("acknowledged by %s at %s", personName(page.GetAcknowledgedBy()), instant(page.GetAcknowledgeTime()))})
	default:
		rows = append(rows, row{"page", enumWord(page.GetState(), "PAGE_STATE_")})
	}
	return rows
}

type replyTicket struct {
	Ticket int64    `arg:"" help:"Number."`
	Text   string   `arg:"" optional:"" help:"Markdown."`
	Attach []string `type:"existingfile" help:"File to attach; repeat for several."`
	Status string   `help:"Staff only: open, pending, on_hold or solved afterwards." enum:"open,pending,on_hold,solved," default:""`
}

func (c replyTicket) Run(e *env) error {
	body, err := text(e, c.Text)
	if err != nil {
		return err
	}
	attachments, err := attach(e, c.Attach)
	if err != nil {
		return err
	}
	res, err := ticketv1.NewTicketServiceClient(e.conn).ReplyToTicket(e.ctx, &ticketv1.ReplyToTicketRequest{
		Ticket: c.Ticket, Body: body, RequestId: uuid.NewString(), Attachments: attachments,
		Status: ticketv1.TicketStatus(ticketv1.TicketStatus_value["TICKET_STATUS_"+strings.ToUpper(c.Status)]),
	})
	if err != nil {
		return err
	}
	return e.out.message(res, func() []row { return summary(res.GetTicket()) })
}

type noteTicket struct {
	Attach []string `type:"existingfile" help:"File to attach; repeat for several."`
	Ticket int64    `arg:"" help:"Number."`
	Text   string   `arg:"" optional:"" help:"Markdown."`
}

func (c noteTicket) Run(e *env) error {
	body, err := text(e, c.Text)
	if err != nil {
		return err
	}
	attachments, err := attach(e, c.Attach)
	if err != nil {
		return err
	}
	note, err := ticketv1.NewTicketServiceClient(e.conn).AddNote(e.ctx, &ticketv1.AddNoteRequest{
		Ticket: c.Ticket, Body: body, RequestId: uuid.NewString(), Attachments: attachments,
	})
	if err != nil {
		return err
	}
	return e.out.message(note, func() []row { return []row{{"note", note.GetId()}} })
}

type solveTicket struct {
	Ticket int64 `arg:"" help:"Number."`
}

func (c solveTicket) Run(e *env) error {
	t, err := ticketv1.NewTicketServiceClient(e.conn).SolveTicket(e.ctx, &ticketv1.SolveTicketRequest{Ticket: c.Ticket})
	if err != nil {
		return err
	}
	return e.out.message(t, func() []row { return summary(t) })
}

type mergeTicket struct {
	Ticket int64 `arg:"" help:"Number of the duplicate."`
	Into   int64 `arg:"" help:"Number of the ticket where it goes on."`
}

func (c mergeTicket) Run(e *env) error {
	t, err := ticketv1.NewTicketServiceClient(e.conn).MergeTicket(e.ctx, &ticketv1.MergeTicketRequest{
		Ticket: c.Ticket, Into: c.Into, RequestId: uuid.NewString(),
	})
	if err != nil {
		return err
	}
	return e.out.message(t, func() []row { return summary(t) })
}

type assignTicket struct {
	Ticket int64  `arg:"" help:"Number."`
	Person string `arg:"" optional:"" help:"Person id of the staff; none takes the assignee away."`
	Team   string `help:"Team."`
}

func (c assignTicket) Run(e *env) error {
	t, err := ticketv1.NewTicketServiceClient(e.conn).AssignTicket(e.ctx, &ticketv1.AssignTicketRequest{
		Ticket: c.Ticket, Assignee: c.Person, Team: c.Team,
	})
	if err != nil {
		return err
	}
	return e.out.message(t, func() []row { return summary(t) })
}

// text returns what was given, or standard input.
func text(e *env, given string) (string, error) {
	if given != "" {
		return given, nil
	}
	all, err := io.ReadAll(io.LimitReader(e.in, 1<<20))
	return strings.TrimRight(string(all), "\n"), err
}
