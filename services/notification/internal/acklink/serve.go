package acklink

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/services/notification/internal/domain"
	"altis-dxp.com/support/services/notification/internal/store"
)

// Serve serves until ctx ends; then requests under way have five seconds.
func Serve(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 16 << 10,
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		stopped <- server.Shutdown(ctx)
	})
	err := server.Serve(l)
	if stop() {
		return err
	}
	return errors.Join(<-stopped, server.Close())
}

// Stored are the Pages of a store: acknowledgement links work by the same store and rules as the API.
type Stored struct {
	*store.Store
	Pager domain.Pager
}

// Acknowledge implements Pages.
func (s Stored) Acknowledge(ctx context.Context, page string, by domain.Person) (p *domain.Page, err error) {
	err = s.Update(ctx, sqldb.Op{Page: true}, func(ctx context.Context, tx *store.Tx) error {
		p, err = s.Pager.Acknowledge(ctx, tx, page, by)
		return err
	})
	return p, err
}
