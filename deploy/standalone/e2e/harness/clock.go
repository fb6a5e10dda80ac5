package harness

import (
	"fmt"
	"testing"
	"time"
)

// MoveClock has the clock of a service's database be off from that of its processes, as after a failover to a machine without
// NTP. Each process so is as far from it as one whose own clock is off.
func (s *Suite) MoveClock(t testing.TB, service string, off time.Duration) {
	t.Helper()
	s.sql(t, fmt.Sprintf(`CREATE OR REPLACE FUNCTION %s.altis_now() RETURNS bigint LANGUAGE sql STABLE PARALLEL SAFE
AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint + %d'`, service, off.Microseconds()))
}
