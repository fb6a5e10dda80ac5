package emergency_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/testkit"
)

// BenchmarkMailToReceiver measures from the end of a mail to the arrival of its page, fsync included.
func BenchmarkMailToReceiver(b *testing.B) {
	w := newWorld(b)
	w.cfg.PagesPerWindow, w.cfg.MailsPerMinute = 1<<30, 1<<30
	arrived := make(chan time.Time, 1)
	w.hook.Respond(func(_ int, r testkit.Request) testkit.Response {
		arrived <- r.At
		return testkit.Response{}
	})
	w.start()
	c, err := smtp.Dial(w.smtp)
	require.NoError(b, err)
	var times []time.Duration
	for n := 0; b.Loop(); n++ {
		require.NoError(b, c.Mail("mia@shop.test", nil))
		require.NoError(b, c.Rcpt(address, nil))
		data, err := c.Data()
		require.NoError(b, err)
		_, err = data.Write([]byte(strings.ReplaceAll(letter("mia@shop.test", n), "\n", "\r\n")))
		require.NoError(b, err)
		start := time.Now()
		require.NoError(b, data.Close())
		times = append(times, (<-arrived).Sub(start))
	}
	require.NoError(b, c.Quit())
	slices.Sort(times)
	for name, of := range map[string]int{"p50-ms": len(times) / 2, "p99-ms": len(times) * 99 / 100} {
		b.ReportMetric(float64(times[of].Microseconds())/1000, name)
	}
}
