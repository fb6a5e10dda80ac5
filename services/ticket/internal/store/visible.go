package store

import (
	"database/sql"
	"errors"
	"regexp"
	"strings"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

// Visibility: staff see every ticket, those that were deleted only if they are
// supervisors or admins. Members see nothing that is hidden. They see tickets of their own
// organization only, namely all of them if they are admins, or organization-wide
// in an organization whose members see all; those that they requested or are a CC
// of; and, if they are limited to applications, those whose whole scope lies
// within these. Whoever was removed or disabled sees nothing.
//
// The conditions read the person from the directory by $1, the viewer's id, in
// the same statement: neither role nor organization come from the token. Values
// are fetched by scalar subqueries, which both engines evaluate once and use as
// index conditions.

// viewer begins a statement whose $1 is the viewer.
func (d dialect) viewer() string {
	return `WITH viewer AS (
  SELECT p.id, p.email_lower, p.organization, p.staff, p.organization_wide, p.applications,
    CASE WHEN p.staff = 1 AND p.role IN ('supervisor', 'admin') THEN 1 ELSE 0 END AS sees_deleted,
    CASE WHEN p.role = 'admin' OR p.organization_wide = 1 AND o.sees_all = 1 THEN 1 ELSE 0 END AS sees_all
  FROM directory_people p LEFT JOIN directory_organizations o ON o.id = p.organization AND o.removed = 0
  WHERE p.id = $1 AND p.removed = 0 AND p.disabled = 0)`
}

const isStaff = `(SELECT staff FROM viewer) = 1`

const seesDeleted = `(SELECT sees_deleted FROM viewer) = 1`

// staffSees is the condition for staff on ticket t, which may be hidden.
const staffSees = `(` + isStaff + ` AND (t.hidden < 2 OR ` + seesDeleted + `))`

// isCC is the condition that the viewer is a CC of ticket t.
const isCC = `t.number IN (
  SELECT c.number FROM ticket_ccs c WHERE c.email = (SELECT email_lower FROM viewer)
  UNION ALL SELECT c.number FROM ticket_ccs c WHERE c.person = (SELECT id FROM viewer) AND c.person <> '')`

// memberSees is the condition for members on ticket t.
func (d dialect) memberSees() string {
	return "(t.hidden = 0 AND " + d.memberMay() + ")"
}

// memberMay is memberSees but for what is hidden.
func (d dialect) memberMay() string {
	return `(t.organization = (SELECT organization FROM viewer WHERE staff = 0 AND organization <> '') AND (
  (SELECT sees_all FROM viewer) = 1
  OR t.requester = (SELECT id FROM viewer)
  OR EXISTS (SELECT 1 FROM ticket_ccs c WHERE c.number = t.number
    AND (c.email = (SELECT email_lower FROM viewer) OR c.person = (SELECT id FROM viewer) AND c.person <> ''))
  OR (SELECT organization_wide FROM viewer) = 0 AND t.scope_all = 0 AND t.applications <> '[]'
    AND ` + d.subset("t.applications", "(SELECT applications FROM viewer)") + `))`
}

// visible is the condition for a viewer of whom nothing is known beforehand.
func (d dialect) visible(viewer string) string {
	if viewer == domain.ServiceViewer {
		return "$1 = ''"
	}
	return "(" + staffSees + " OR " + d.memberSees() + ")"
}

var ofTicket = regexp.MustCompile(`\bt\.`)

// seesOther is the condition that a viewer sees, besides ticket t, the one whose number a column has, such as
// t.merged_into.
func (d dialect) seesOther(viewer, column string) string {
	return "(EXISTS (SELECT 1 FROM tickets o WHERE o.number = " + column + " AND " + ofTicket.ReplaceAllString(d.visible(viewer), "o.") + "))"
}

// readMark joins how far the viewer has read ticket t.
const readMark = ` LEFT JOIN ticket_reads r ON r.person = $1 AND r.number = t.number`

// viewerColumns follow those of a ticket: whether it is unread, and whether the viewer is of the staff.
var viewerColumns = `CASE WHEN (SELECT staff FROM viewer) = 1 THEN ` + isUnread(true) + ` ELSE ` + isUnread(false) + ` END,
  COALESCE((SELECT staff FROM viewer), 0)`

// isUnread is the condition that somebody else wrote what the viewer has not read, or that the viewer marked it so (-1).
func isUnread(staff bool) string {
	newest := "public"
	if staff {
		newest = "newest"
	}
	return strings.ReplaceAll("(COALESCE(r.sequence, 0) = -1 OR t.*_sequence > COALESCE(r.sequence, 0) AND t.*_author <> $1)", "*", newest)
}

// viewed reads rows of columns and viewerColumns, one after another.
type viewed struct {
	viewer  string
	row     ticketRow
	unread  bool
	staff   bool
	targets []any // what to scan into
}

// newViewed returns a reader of columns(full), and of more columns after viewerColumns.
func newViewed(viewer string, full bool, more ...any) *viewed {
	v := &viewed{viewer: viewer}
	v.targets = append(append(v.row.fields(full), &v.unread, &v.staff), more...)
	return v
}

// ticket returns what the viewer may see of the row that was scanned.
func (v *viewed) ticket() (domain.Ticket, error) {
	t, err := v.row.ticket()
	t.Unread = v.unread
	if v.viewer != domain.ServiceViewer && !v.staff {
		t = t.ForMember()
	}
	return t, err
}

func notFound(err error, number int64) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.Newf(fault.NotFound, "TICKET_NOT_FOUND", "there is no ticket %d", number)
	}
	return sqldb.Classify(err)
}
