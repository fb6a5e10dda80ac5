package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// hidden is the folder of what a build has for the server only: the documents of places, and which they are.
const hidden = ".pages"

// place is a page of the dashboard that is known by its address.
type place struct {
	// parts are those of the path. One in braces stands for any value.
	parts []string
	// document is the page's HTML, which names the files that this page needs beside those that all need.
	document *file
	// asks are the first requests of the page, with the values of the path in braces.
	asks []string
}

// readPlaces returns the places of a build, and the files that every page needs first.
func readPlaces(build fs.FS) (places []place, first []string, err error) {
	content, err := fs.ReadFile(build, hidden+"/places.json")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	var listed struct {
		First  []string
		Places []struct {
			Path, Page string
			Asks       []string
		}
	}
	if err := json.Unmarshal(content, &listed); err != nil {
		return nil, nil, fmt.Errorf("places: %w", err)
	}
	for _, l := range listed.Places {
		document, err := read(build, hidden+"/"+l.Page+".html")
		if err != nil {
			return nil, nil, err
		}
		places = append(places, place{parts: strings.Split(l.Path, "/"), document: document, asks: l.Asks})
	}
	return places, listed.First, nil
}

// at returns the place of a path and what it asks first. No place has no document.
func (s *Site) at(path string) (document *file, asks []string) {
	parts := strings.Split(path, "/")
	for _, p := range s.places {
		values, ok := p.match(parts)
		if !ok {
			continue
		}
		for _, ask := range p.asks {
			asks = append(asks, values.Replace(ask))
		}
		return p.document, asks
	}
	return nil, nil
}

func (p *place) match(parts []string) (values *strings.Replacer, ok bool) {
	if len(parts) != len(p.parts) {
		return nil, false
	}
	var pairs []string
	for i, part := range p.parts {
		switch {
		case part == parts[i]:
		case strings.HasPrefix(part, "{") && plain(parts[i]):
			pairs = append(pairs, part, parts[i])
		default:
			return nil, false
		}
	}
	return strings.NewReplacer(pairs...), true
}

// plain reports whether a value can be part of an address in a header as it is.
func plain(value string) bool {
	return value != "" && strings.Trim(value, "0123456789abcdefghijklmnopqrstuvwxyz-") == ""
}
