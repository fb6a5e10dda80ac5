package doctor

import (
	"fmt"
	"time"
)

// How far a clock may be from this machine's. Webhooks are signed with the time, and access tokens live for ten minutes.
const (
	clockWarn = time.Second
	clockFail = 30 * time.Second
)

// clock compares another machine's clock, read between before and after, with this one's.
func clock(subject string, before, after, theirs time.Time) Finding {
	off := theirs.Sub(before.Add(after.Sub(before) / 2)).Round(time.Millisecond)
	unsure := after.Sub(before) / 2
	f := Finding{Check: "clock", Subject: subject, State: OK, Text: fmt.Sprintf("within %s of this machine's", max(off.Abs(), time.Millisecond))}
	if off.Abs()-unsure < clockWarn {
		return f
	}
	f.State, f.Do = Warn, "let both machines take their time from the same NTP servers (chronyc tracking, timedatectl)"
	if off.Abs()-unsure >= clockFail {
		f.State = Fail
	}
	direction := "ahead of"
	if off < 0 {
		direction = "behind"
	}
	f.Text = fmt.Sprintf("%s %s this machine's", off.Abs(), direction)
	return f
}
