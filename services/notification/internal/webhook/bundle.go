package webhook

import (
	"fmt"

	"google.golang.org/protobuf/encoding/protojson"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	"altis-dxp.com/support/services/notification/internal/domain"
)

// BundleType is the type of a message about many pages.
const BundleType = "pages.bundled.v1"

// RenderBundle encodes the notice of a bundle as JSON of PagesBundled.
func RenderBundle(n domain.BundleNotice) (string, error) {
	notice := &notificationv1.PageBundleNotice{
		Bundle: n.Bundle, Title: domain.BundleTitle(n.Members[0].Title, len(n.Members)), Count: int32(len(n.Members)),
		Person: person(n.Person), AcknowledgeUrl: n.AckURL, PagesUrl: n.PagesURL,
	}
	for _, m := range n.Members {
		p := &notificationv1.BundledPage{
			Page: m.Page, Delivery: m.ID, Ticket: m.Ticket, Title: m.Title, OrganizationName: m.OrganizationName, OpenTime: stamp(m.OpenedAt),
		}
		if m.Ticket != 0 {
			p.TicketUrl = n.TicketURL(m.Ticket)
		}
		notice.Pages = append(notice.Pages, p)
	}
	body, err := protojson.Marshal(&notificationv1.PagesBundled{Type: BundleType, Timestamp: stamp(n.SentAt), Data: notice})
	return string(body), err
}

// ParseBundle is the reverse of RenderBundle.
func ParseBundle(body string) (*notificationv1.PagesBundled, error) {
	var bundled notificationv1.PagesBundled
	if err := (protojson.UnmarshalOptions{DiscardUnknown: true}).Unmarshal([]byte(body), &bundled); err != nil {
		return nil, fmt.Errorf("webhook: payload: %w", err)
	}
	return &bundled, nil
}
