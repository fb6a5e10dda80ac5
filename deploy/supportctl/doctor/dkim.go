package doctor

import (
	"bytes"
	"cmp"
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"os"
	"strings"
)

// DKIMKey is a key that signs mails.
type DKIMKey struct {
	Selector string
	File     string // of the private key; "" = only that the record is there is looked at
}

// signatures looks at the record of each key.
func signatures(ctx context.Context, r Resolver, m Mail) []Finding {
	domain := strings.ToLower(cmp.Or(m.DKIMDomain, domainOf(m.From)))
	if len(m.DKIMKeys) == 0 {
		return []Finding{{
			Check: "dkim", Subject: domain, State: Warn, Text: "no key is named by --dkim-keys",
			Do: "sign mails (--dkim-domain and --dkim-keys of notification), unless the mail server does it",
		}}
	}
	var found []Finding
	for _, key := range m.DKIMKeys {
		found = append(found, signature(ctx, r, key, key.Selector+"._domainkey."+domain))
	}
	return found
}

func signature(ctx context.Context, r Resolver, key DKIMKey, name string) Finding {
	f := Finding{Check: "dkim", Subject: name}
	fail := func(text, do string) Finding {
		f.State, f.Text, f.Do = Fail, text, do
		return f
	}
	found, err := texts(ctx, r, name, "")
	if err != nil {
		return unknown(f, err)
	}
	if len(found) != 1 {
		return fail("there is no TXT record with the key, or more than one", "publish the public half of the key there, alone")
	}
	published, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(tags(found[0])["p"]), ""))
	if err != nil || len(published) == 0 {
		return fail("the record has no key that is good", `publish "v=DKIM1; k=rsa; p=..." (or k=ed25519) there`)
	}
	f.State, f.Text = OK, "is published"
	if key.File == "" {
		return f
	}
	own, err := publicHalf(key.File)
	if err != nil {
		return fail(key.File+": "+err.Error(), "name the private key in PEM: --dkim-keys selector:file")
	}
	if !bytes.Equal(own.raw, published) && !bytes.Equal(own.encoded, published) {
		return fail("what is published is not the public half of "+key.File, "publish it, or sign with the key that is published: all signatures fail")
	}
	f.Text = "is published, and is that of " + key.File
	return f
}

// half is a public key in the forms in which records hold it.
type half struct{ raw, encoded []byte }

func publicHalf(file string) (half, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return half{}, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return half{}, errors.New("not a key in PEM")
	}
	var parsed any
	if block.Type == "RSA PRIVATE KEY" {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	} else {
		parsed, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	}
	signer, ok := parsed.(crypto.Signer)
	if err != nil || !ok {
		return half{}, errors.New("not a private key that can be read") // the cause might quote it
	}
	encoded, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return half{}, errors.New("neither RSA nor Ed25519")
	}
	switch public := signer.Public().(type) {
	case ed25519.PublicKey:
		return half{raw: public, encoded: encoded}, nil
	case *rsa.PublicKey:
		return half{raw: x509.MarshalPKCS1PublicKey(public), encoded: encoded}, nil
	}
	return half{}, errors.New("neither RSA nor Ed25519")
}
