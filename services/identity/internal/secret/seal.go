package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

const (
	plainPrefix  = "plain:"
	sealedPrefix = "aes-256-gcm:"
)

// Sealer implements domain.Sealer with AES-256-GCM, or without a key stores what it gets as it is.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns a sealer with a key of 32 bytes in base64; "" is none.
func NewSealer(keyBase64 string) (*Sealer, error) {
	if keyBase64 == "" {
		return &Sealer{}, nil
	}
	key, err := base64.StdEncoding.DecodeString(keyBase64)
	if err != nil || len(key) != 32 {
		return nil, errors.New("the key encryption key must be 32 bytes in base64")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return &Sealer{aead}, nil
}

// Seal returns private as it may be stored.
func (s *Sealer) Seal(id string, private []byte) (string, error) {
	if s.aead == nil {
		return plainPrefix + base64.StdEncoding.EncodeToString(private), nil
	}
	nonce := make([]byte, s.aead.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", fmt.Errorf("secret: nonce: %w", err)
	}
	return sealedPrefix + base64.StdEncoding.EncodeToString(s.aead.Seal(nonce, nonce, private, []byte(id))), nil
}

// Open is the reverse of Seal. What was stored before there was a key stays readable.
func (s *Sealer) Open(id, sealed string) ([]byte, error) {
	if text, ok := strings.CutPrefix(sealed, plainPrefix); ok {
		return base64.StdEncoding.DecodeString(text)
	}
	text, ok := strings.CutPrefix(sealed, sealedPrefix)
	if !ok {
		return nil, fmt.Errorf("secret: the private key %s is stored in an unknown form", id)
	}
	if s.aead == nil {
		return nil, fmt.Errorf("secret: the private key %s is encrypted: set the key encryption key", id)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) < s.aead.NonceSize() {
		return nil, fmt.Errorf("secret: the private key %s is damaged", id)
	}
	private, err := s.aead.Open(nil, raw[:s.aead.NonceSize()], raw[s.aead.NonceSize():], []byte(id))
	if err != nil {
		return nil, fmt.Errorf("secret: the private key %s does not open: is it another key encryption key?", id)
	}
	return private, nil
}
