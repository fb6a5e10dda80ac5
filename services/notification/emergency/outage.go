package emergency

import (
	"context"
	"slices"
	"time"

	"github.com/georgysavva/scany/v2/sqlscan"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/mailin"
)

// outageWindow is how long after its page a mail is still taken to be about the same outage.
const outageWindow = time.Hour

// outage returns the mail whose page tells of a new one too, so that it need not page: one that it answers, by the same author,
// or from the same domain with the same subject. Its page repeats, or somebody has taken it just now, and it is about one mail.
func (s *Service) outage(ctx context.Context, q sqldb.Queryer, h mailin.Head) (found mail, ok bool, err error) {
	if s.tickets == nil {
		return found, false, nil // a note would be read by nobody
	}
	var open []mail
	// The last entry of a page that nobody waits for any more tells when that began.
	err = sqlscan.Select(ctx, q, &open, `
SELECT `+mailColumns+` FROM emergency_mails WHERE verdict = 'paged' AND ticket >= 0 AND paged_at > altis_now() - $1 AND page IN (
  SELECT p.id FROM pages p WHERE p.opened_at > altis_now() - $1 AND (p.state IN ('paging', 'delivered', 'exhausted')
    OR (SELECT MAX(l.at) FROM page_log l WHERE l.page = p.id) > altis_now() - $2))
ORDER BY verified DESC, paged_at DESC`, outageWindow.Microseconds(), s.cfg.PageWindow.Microseconds())
	if err != nil || len(open) == 0 {
		return found, false, err
	}
	var thread []string
	if len(h.References) > 0 {
		err = sqlscan.Select(ctx, q, &thread, `
SELECT CASE WHEN outage = '' THEN id ELSE outage END FROM emergency_mails WHERE message_id `+s.deps.DB.In(1), sqldb.List(h.References))
		if err != nil {
			return found, false, err
		}
	}
	for _, same := range []func(mail) bool{
		func(m mail) bool { return slices.Contains(thread, m.ID) },
		func(m mail) bool { return h.OneAuthor && m.Sender == h.From },
		func(m mail) bool { return sameSubject(m, h) },
	} {
		if i := slices.IndexFunc(open, same); i >= 0 {
			return open[i], true, nil
		}
	}
	return found, false, nil
}

// sameSubject reports that somebody else of the same house writes about the same.
func sameSubject(m mail, h mailin.Head) bool {
	subject, domain := mailin.BareSubject(h.Subject), domainOf(h.From)
	return h.OneAuthor && subject != "" && subject == mailin.BareSubject(m.Subject) && domain == domainOf(m.Sender) && !mailin.PublicDomain(domain)
}
