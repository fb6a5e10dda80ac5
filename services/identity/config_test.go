package identity_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/services/identity"
)

func TestConfigListsEveryFault(t *testing.T) {
	err := identity.Config{KeyEncryptionKey: "x", LoginPeriod: time.Minute}.Validate()
	for _, part := range []string{"32 bytes in base64", "at least 8 KiB", "0 logins in 1m0s"} {
		require.ErrorContains(t, err, part)
	}
}
