package rpc

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"slices"
	"sync"

	"google.golang.org/grpc/credentials"
)

// TLSFiles names the PEM files of a process. They are read again when they change: certificates are renewed while
// it runs. A pair that does not fit (half renewed) is ignored in favour of the last good one.
type TLSFiles struct {
	Cert string `help:"Certificate (PEM)."`
	Key  string `help:"Private key of the certificate (PEM)."`
	CA   string `help:"Authorities that certificates of peers are verified with (PEM)."`
}

// Server returns the configuration of a server, nil when no file is named (plaintext). A client's certificate is
// verified if it has one; tooling has none.
func (f TLSFiles) Server() (*tls.Config, error) {
	if f == (TLSFiles{}) {
		return nil, nil
	}
	if f.Cert == "" {
		return nil, errors.New("rpc: a TLS server needs a certificate and its key")
	}
	l := &loader{files: f}
	if _, err := l.load(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"h2"},
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			m, err := l.load()
			if err != nil {
				return nil, err
			}
			return m.server, nil
		},
	}, nil
}

// Client returns the configuration of a client, nil when no file is named (plaintext). Without CA servers are
// verified by the authorities of the system. Servers are to be reached with it by Dial: elsewhere it refuses one that
// is called by an address, whose name it cannot know.
func (f TLSFiles) Client() (*tls.Config, error) {
	if f == (TLSFiles{}) {
		return nil, nil
	}
	l := &loader{files: f}
	if _, err := l.load(); err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion: tls.VersionTLS13,
		NextProtos: []string{"h2"},
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			m, err := l.load()
			if err != nil {
				return nil, err
			}
			return &m.cert, nil
		},
		// crypto/tls cannot change the authorities of a client's configuration, so VerifyConnection does all of
		// its verification, name included.
		InsecureSkipVerify: true, //nolint:gosec // see VerifyConnection
		VerifyConnection: func(cs tls.ConnectionState) error {
			if cs.ServerName == "" {
				return errors.New("rpc: TLS: the server's name is not known, so it cannot be verified")
			}
			m, err := l.load()
			if err != nil {
				return err
			}
			opts := x509.VerifyOptions{Roots: m.pool, DNSName: cs.ServerName, Intermediates: x509.NewCertPool()}
			for _, c := range cs.PeerCertificates[1:] {
				opts.Intermediates.AddCert(c)
			}
			_, err = cs.PeerCertificates[0].Verify(opts)
			return err
		},
	}, nil
}

// hostCredentials tell the VerifyConnection of a configuration which host is called. crypto/tls itself leaves the name
// empty when it is an address, for which there is no server name indication.
type hostCredentials struct {
	credentials.TransportCredentials
	config *tls.Config
}

func newHostCredentials(config *tls.Config) credentials.TransportCredentials {
	return hostCredentials{TransportCredentials: credentials.NewTLS(config), config: config.Clone()}
}

// ClientHandshake takes the host from the configuration's ServerName, else from the authority ("host:port" or "host").
func (c hostCredentials) ClientHandshake(ctx context.Context, authority string, conn net.Conn) (net.Conn, credentials.AuthInfo, error) {
	config := c.config.Clone()
	if config.ServerName == "" {
		config.ServerName = authority
		if host, _, err := net.SplitHostPort(authority); err == nil {
			config.ServerName = host
		}
	}
	if verify := config.VerifyConnection; verify != nil {
		config.VerifyConnection = func(cs tls.ConnectionState) error {
			cs.ServerName = config.ServerName
			return verify(cs)
		}
	}
	return credentials.NewTLS(config).ClientHandshake(ctx, authority, conn)
}

func (c hostCredentials) Clone() credentials.TransportCredentials {
	return newHostCredentials(c.config)
}

// material is what the files hold at one time.
type material struct {
	cert   tls.Certificate // zero without Cert
	pool   *x509.CertPool  // nil without CA
	server *tls.Config
	files  [3]fs.FileInfo
}

// same tells the file that was read from a changed one. Its time and size alone do not: a renewed key has the size of
// the one before, and clocks of file systems are coarse.
func same(a, b fs.FileInfo) bool {
	if a == nil || b == nil {
		return a == b
	}
	return os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

type loader struct {
	files TLSFiles
	mu    sync.Mutex
	last  *material
}

// load returns what the files hold now, or held when they were last whole.
func (l *loader) load() (*material, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, err := l.files.read(l.last)
	if err == nil {
		l.last = m
	}
	if l.last == nil {
		return nil, err
	}
	return l.last, nil
}

// read returns last itself when the files have not changed since.
func (f TLSFiles) read(last *material) (*material, error) {
	m := &material{}
	for i, path := range []string{f.Cert, f.Key, f.CA} {
		if path == "" {
			continue
		}
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("rpc: TLS: %w", err)
		}
		m.files[i] = info
	}
	if last != nil && slices.EqualFunc(last.files[:], m.files[:], same) {
		return last, nil
	}
	if f.Cert != "" || f.Key != "" {
		cert, err := tls.LoadX509KeyPair(f.Cert, f.Key)
		if err != nil {
			return nil, fmt.Errorf("rpc: TLS: %w", err)
		}
		m.cert = cert
	}
	m.server = &tls.Config{
		MinVersion:   tls.VersionTLS13,
		NextProtos:   []string{"h2"},
		Certificates: []tls.Certificate{m.cert},
	}
	if f.CA != "" {
		text, err := os.ReadFile(f.CA)
		if err != nil {
			return nil, fmt.Errorf("rpc: TLS: %w", err)
		}
		m.pool = x509.NewCertPool()
		if !m.pool.AppendCertsFromPEM(text) {
			return nil, fmt.Errorf("rpc: TLS: %s holds no certificate", f.CA)
		}
		m.server.ClientCAs, m.server.ClientAuth = m.pool, tls.VerifyClientCertIfGiven
	}
	return m, nil
}
