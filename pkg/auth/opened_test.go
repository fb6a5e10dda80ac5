package auth

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOpenedTokensAreBoundedAndKeepWhatIsUsed(t *testing.T) {
	var c openedTokens
	c.put("used", openedToken{user: User{ID: "p"}})
	c.put("idle", openedToken{})
	for i := range 5 * maxOpened {
		c.put(strconv.Itoa(i), openedToken{})
		o, ok := c.get("used")
		require.True(t, ok)
		require.Equal(t, "p", o.user.ID)
	}
	require.LessOrEqual(t, len(c.young)+len(c.old), 2*maxOpened)
	_, ok := c.get("idle")
	require.False(t, ok)
}
