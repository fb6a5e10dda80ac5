package store

import (
	"context"
	"database/sql"
	"errors"

	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/ticket/internal/domain"
)

var _ domain.ViewStore = (*Store)(nil)

const viewColumns = `v.id, v.owner, COALESCE(p.name, ''), v.name, v.filter, v.order_by, v.shared, v.position, v.create_time, v.update_time`

// visibleViews are the views that $1 may read.
const visibleViews = ` FROM views v LEFT JOIN directory_people p ON p.id = v.owner
WHERE (SELECT staff FROM viewer) = 1 AND (v.owner = (SELECT id FROM viewer) OR v.shared = 1)`

// CreateView implements domain.ViewStore.
func (s *Store) CreateView(ctx context.Context, v domain.SavedView, r domain.Request) (made domain.SavedView, err error) {
	err = s.DB.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		made = v
		if r.ID != "" {
			w := &writes{postgres: s.postgres}
			w.request(r, domain.Change{})
			err := w.run(ctx, tx)
			if errors.Is(err, domain.ErrRequestUsed) {
				made, err = s.madeView(ctx, tx, v, r)
				return err
			}
			if err != nil {
				return err
			}
		}
		// Two at once must not both be the fiftieth.
		var views int
		if err := tx.QueryRowContext(ctx, `SELECT 1 FROM directory_people p WHERE p.id = $1`+s.lockOf("p"), v.Owner.ID).Scan(&views); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM views WHERE owner = $1`, v.Owner.ID).Scan(&views); err != nil {
			return err
		}
		if views >= domain.MaxViews {
			return fault.Newf(fault.Precondition, "TOO_MANY_VIEWS", "one person can have %d views: delete one first", domain.MaxViews)
		}
		inserted, err := tx.ExecContext(ctx, `
INSERT INTO views (id, owner, name, filter, order_by, shared, position, create_time, update_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (id) DO NOTHING`,
			v.ID, v.Owner.ID, v.Name, v.Filter, v.OrderBy, flag(v.Shared), v.Position, sqldb.Micros(v.CreateTime), sqldb.Micros(v.UpdateTime))
		if err != nil {
			return err
		}
		n, err := inserted.RowsAffected()
		if err == nil && n == 0 { // the request was made longer ago than it is remembered
			err = errReused()
		}
		return err
	})
	return made, err
}

// madeView returns what an earlier attempt of the same request made.
func (s *Store) madeView(ctx context.Context, tx sqldb.Tx, v domain.SavedView, r domain.Request) (domain.SavedView, error) {
	var content string
	row := tx.QueryRowContext(ctx, `SELECT hash FROM requests WHERE principal = $1 AND method = $2 AND id = $3`, r.Principal, r.Method, r.ID)
	if err := row.Scan(&content); err != nil {
		return v, err
	}
	if content != r.Hash {
		return v, errReused()
	}
	made, err := scanView(tx.QueryRowContext(ctx, s.viewer()+` SELECT `+viewColumns+visibleViews+` AND v.id = $2`, v.Owner.ID, v.ID).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoView()
	}
	return made, err
}

func errReused() error {
	return fault.New(fault.Exists, "REQUEST_ID_REUSED", "the request id was used for another request before")
}

func errNoView() error { return fault.New(fault.NotFound, "VIEW_NOT_FOUND", "there is no such view") }

// ChangeView implements domain.ViewStore.
func (s *Store) ChangeView(ctx context.Context, viewer, id string, change func(domain.SavedView) (*domain.SavedView, error)) (after domain.SavedView, err error) {
	err = s.DB.Update(ctx, sqldb.Op{}, func(ctx context.Context, tx sqldb.Tx) error {
		row := tx.QueryRowContext(ctx, s.viewer()+` SELECT `+viewColumns+visibleViews+` AND v.id = $2`+s.lockOf("v"), viewer, id)
		before, err := scanView(row.Scan)
		if errors.Is(err, sql.ErrNoRows) {
			return errNoView()
		}
		if err != nil {
			return err
		}
		changed, err := change(before)
		if err != nil {
			return err
		}
		if changed == nil {
			_, err := tx.ExecContext(ctx, `DELETE FROM views WHERE id = $1`, id)
			return err
		}
		after = *changed
		_, err = tx.ExecContext(ctx, `UPDATE views SET name = $2, filter = $3, order_by = $4, shared = $5, position = $6, update_time = $7 WHERE id = $1`,
			id, after.Name, after.Filter, after.OrderBy, flag(after.Shared), after.Position, sqldb.Micros(after.UpdateTime))
		return err
	})
	return after, err
}

// ViewPosition is a place in the list of views.
type ViewPosition struct {
	Position int64  `json:"p"`
	ID       string `json:"i"`
}

// Views returns the views that a person may read after a position, by position.
func (s *Store) Views(ctx context.Context, viewer string, after ViewPosition, limit int) ([]domain.SavedView, error) {
	rows, err := s.DB.Reader().QueryContext(ctx, s.viewer()+` SELECT `+viewColumns+visibleViews+`
  AND (v.position, v.id) > ($2, $3) ORDER BY v.position, v.id LIMIT $4`, viewer, after.Position, after.ID, limit)
	if err != nil {
		return nil, sqldb.Classify(err)
	}
	defer rows.Close()
	var views []domain.SavedView
	for rows.Next() {
		v, err := scanView(rows.Scan)
		if err != nil {
			return nil, sqldb.Classify(err)
		}
		views = append(views, v)
	}
	return views, sqldb.Classify(rows.Err())
}

func scanView(scan func(...any) error) (v domain.SavedView, err error) {
	var created, updated int64
	err = scan(&v.ID, &v.Owner.ID, &v.Owner.Name, &v.Name, &v.Filter, &v.OrderBy, &v.Shared, &v.Position, &created, &updated)
	v.Owner.Staff = true
	v.CreateTime, v.UpdateTime = sqldb.Time(created), sqldb.Time(updated)
	return v, err
}
