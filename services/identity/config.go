package identity

import (
	"errors"
	"fmt"
	"time"

	"altis-dxp.com/support/services/identity/internal/secret"
)

// Config is identity's part of a process's configuration.
type Config struct {
	KeyEncryptionKey   string        `help:"Key that encrypts the private signing keys in the database: 32 bytes in base64. Without one they are stored as they are." placeholder:"BASE64"`
	PasswordMemoryKiB  uint32        `name:"password-memory-kib" help:"Memory that hashing a password takes, in KiB." default:"19456"`
	PasswordIterations uint32        `help:"Passes over that memory." default:"2"`
	LoginTries         int           `help:"Logins that may be tried for one address at once, and in each period after that." default:"10"`
	LoginPeriod        time.Duration `help:"The period." default:"1m"`
}

// Validate lists every fault.
func (c Config) Validate() error {
	var faults []error
	if _, err := secret.NewSealer(c.KeyEncryptionKey); err != nil {
		faults = append(faults, err)
	}
	if c.PasswordMemoryKiB < 8 || c.PasswordIterations < 1 {
		faults = append(faults, errors.New("hashing a password takes at least 8 KiB and one pass"))
	}
	if c.LoginTries < 1 || c.LoginPeriod < time.Duration(c.LoginTries) {
		faults = append(faults, fmt.Errorf("%d logins in %s: at least one, in a longer time", c.LoginTries, c.LoginPeriod))
	}
	return errors.Join(faults...)
}
