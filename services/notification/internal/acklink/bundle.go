package acklink

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// bundleChunk is how many pages of a bundle one transaction acknowledges.
const bundleChunk = 20

// AcknowledgeBundle implements Pages.
func (s Stored) AcknowledgeBundle(ctx context.Context, id string, by domain.Person) error {
	b, err := s.Bundle(ctx, id)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(b.Members, bundleChunk) {
		err := s.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
			return s.Pager.AcknowledgeMembers(ctx, tx, some, by)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recipient is who holds the link of a bundle: whom all of its pages were sent to.
func (h *handler) recipient(ctx context.Context, claim domain.AckClaim) (domain.Person, error) {
	b, err := h.pages.Bundle(ctx, claim.Page)
	if err != nil || len(b.Members) == 0 {
		return domain.Person{}, errOr(err)
	}
	return h.pages.PersonOf(ctx, b.Members[0].Page, claim.Person)
}

// errOr is what is wrong with the link of a bundle whose pages are all forgotten.
func errOr(err error) error {
	if err == nil {
		return errToken
	}
	return err
}

func (h *handler) showBundle(w http.ResponseWriter, r *http.Request, who holder) {
	b, err := h.pages.Bundle(r.Context(), who.claim.Page)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	h.render(w, r, http.StatusOK, h.bundleView(wordsFor(r), who, b))
}

func (h *handler) acknowledgeBundle(w http.ResponseWriter, r *http.Request, who holder) {
	b, err := h.pages.Bundle(r.Context(), who.claim.Page)
	if err != nil {
		h.fail(w, r, err)
		return
	}
	say := wordsFor(r)
	if v := h.bundleView(say, who, b); !v.CanAck {
		h.render(w, r, http.StatusOK, v)
		return
	}
	if err := h.pages.AcknowledgeBundle(r.Context(), who.claim.Page, who.person); err != nil {
		h.fail(w, r, err)
		return
	}
	if b, err = h.pages.Bundle(r.Context(), who.claim.Page); err != nil {
		h.fail(w, r, err)
		return
	}
	h.render(w, r, http.StatusOK, h.bundleView(say, who, b))
}

// bundleView names each page, with a mark before those that wait for nobody any more.
func (h *handler) bundleView(say words, who holder, b domain.Bundle) view {
	v := view{Words: say, Title: fmt.Sprintf(say.pages, len(b.Members)), Person: who.person.Label(), PagesURL: h.pagesURL}
	lines := make([]string, len(b.Members))
	waiting := 0
	for i, m := range b.Members {
		mark := "✓ "
		if m.Waits() {
			mark = "• "
			waiting++
		}
		lines[i] = fmt.Sprintf("%s#%d %s", mark, m.Ticket, m.Title)
	}
	v.Excerpt = strings.Join(lines, "\n")
	switch {
	case waiting == 0:
		v.Problem = say.bundleDone
	case who.expired():
		v.Problem = say.expired
	default:
		v.CanAck = true
	}
	return v
}
