// Package settings checks values of the configuration.
package settings

import (
	"errors"
	"net"
	"net/url"
)

// Address returns an error for what is no host:port.
func Address(addr string) error {
	_, _, err := net.SplitHostPort(addr)
	return err
}

// URL returns an error for what is no URL of a web server.
func URL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("must be an http or https URL")
	}
	return nil
}
