package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

// sbom is the document of what is in a program (CycloneDX), without a serial number and a time, which would differ from
// build to build.
func sbom(p program, r release, binary string, parts []part) ([]byte, error) {
	text, err := os.ReadFile(binary)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &cdx.Component{
		BOMRef:      p.name,
		Type:        cdx.ComponentTypeApplication,
		Name:        p.name,
		Version:     r.Version,
		Description: "Altis Support: " + p.description,
		Hashes:      &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: hex.EncodeToString(sum[:])}},
		Licenses:    licenses([]string{"Apache-2.0"}),
	}}
	components, refs := make([]cdx.Component, 0, len(parts)), make([]string, 0, len(parts))
	for _, part := range parts {
		components = append(components, cdx.Component{
			BOMRef:     part.purl,
			Type:       cdx.ComponentTypeLibrary,
			Name:       part.name,
			Version:    part.version,
			PackageURL: part.purl,
			Licenses:   licenses(part.licenses),
		})
		refs = append(refs, part.purl)
	}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: p.name, Dependencies: &refs}}
	var b bytes.Buffer
	err = cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true).Encode(bom)
	return b.Bytes(), err
}

func licenses(names []string) *cdx.Licenses {
	var all cdx.Licenses
	for _, name := range names {
		choice := cdx.LicenseChoice{License: &cdx.License{ID: name}}
		if strings.Contains(name, " ") { // "MIT OR Apache-2.0"
			choice = cdx.LicenseChoice{Expression: name}
		}
		all = append(all, choice)
	}
	if len(all) == 0 {
		return nil
	}
	return &all
}
