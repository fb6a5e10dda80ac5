package notification

import "altis-dxp.com/support/services/notification/internal/mailout"

// NewOutbox returns a Transport that writes .eml files into dir.
func NewOutbox(dir string) (Transport, error) { return mailout.NewOutbox(dir) }
