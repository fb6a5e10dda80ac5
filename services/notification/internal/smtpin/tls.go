package smtpin

import (
	"crypto/tls"
	"fmt"
	"sync/atomic"
)

// LoadTLS returns the configuration for STARTTLS with a certificate and its key (PEM), nil without. The files are read again
// for each connection, since certificates are renewed while the process runs; while they do not fit, the last good ones serve.
func LoadTLS(cert, key string) (*tls.Config, error) {
	if cert == "" && key == "" {
		return nil, nil
	}
	first, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("smtpin: certificate: %w", err)
	}
	var last atomic.Pointer[tls.Certificate]
	last.Store(&first)
	return &tls.Config{
		MinVersion: tls.VersionTLS12, // a mail that comes by an old one is still a call for help
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			if fresh, err := tls.LoadX509KeyPair(cert, key); err == nil {
				last.Store(&fresh)
			}
			return last.Load(), nil
		},
	}, nil
}
