package supportctl

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/types/known/timestamppb"

	"altis-dxp.com/support/deploy/supportctl/doctor"
	"altis-dxp.com/support/pkg/fault"
	"altis-dxp.com/support/pkg/rpc"
	"altis-dxp.com/support/pkg/testkit"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
	ticketv1 "altis-dxp.com/support/proto/gen/go/altis/support/ticket/v1"
)

// rosterFake answers of the roster.
type rosterFake struct {
	policy *notificationv1.EscalationPolicy // nil = there is none
	shifts []*notificationv1.Shift
}

func (f *onCallFake) GetEscalationPolicy(context.Context, *notificationv1.GetEscalationPolicyRequest) (*notificationv1.EscalationPolicy, error) {
	if f.roster.policy == nil {
		return nil, rpc.ToStatus(fault.New(fault.NotFound, "POLICY_UNKNOWN", "there is no such policy")).Err()
	}
	return f.roster.policy, nil
}

func (f *onCallFake) ListShifts(_ context.Context, req *notificationv1.ListShiftsRequest) (*notificationv1.ListShiftsResponse, error) {
	if req.GetSchedule() != "primary" {
		return nil, rpc.ToStatus(fault.New(fault.NotFound, "SCHEDULE_UNKNOWN", "there is no such schedule")).Err()
	}
	return &notificationv1.ListShiftsResponse{Shifts: f.roster.shifts}, nil
}

// examine runs doctor as a script does.
func examine(t *testing.T, run func(string, ...string) (string, error), args ...string) (doctor.Report, error) {
	t.Helper()
	out, err := run("", append([]string{"--json", "doctor"}, args...)...)
	var report doctor.Report
	require.NoError(t, json.Unmarshal([]byte(out), &report), out)
	return report, err
}

func TestDoctorLooksAtTheRoster(t *testing.T) {
	t.Setenv("ALTIS_TOKEN", "altis_secret")
	shift := func(from, until time.Duration, people ...string) *notificationv1.Shift {
		s := &notificationv1.Shift{StartTime: timestamppb.New(time.Now().Add(from)), EndTime: timestamppb.New(time.Now().Add(until))}
		for _, name := range people {
			s.Duties = append(s.Duties, &notificationv1.Duty{Person: &ticketv1.Person{Name: name}})
		}
		return s
	}
	meant := shift(24*time.Hour, 48*time.Hour)
	meant.Deliberate = true
	policy := func(target string, fallback ...string) *notificationv1.EscalationPolicy {
		return &notificationv1.EscalationPolicy{Id: "default", Steps: []*notificationv1.EscalationStep{{Targets: []string{target, target}}}, Fallback: fallback}
	}
	for _, c := range []struct {
		name   string
		roster rosterFake
		want   map[string]doctor.State
	}{
		{
			"all is well",
			rosterFake{policy("schedule:primary", "zoe"), []*notificationv1.Shift{shift(-time.Hour, 24*time.Hour, "Ada"), meant}},
			map[string]doctor.State{"escalation policy": doctor.OK, "schedule primary": doctor.OK},
		},
		{
			"nobody soon",
			rosterFake{policy("schedule:primary", "zoe"), []*notificationv1.Shift{shift(-time.Hour, 24*time.Hour, "Ada"), shift(24*time.Hour, 48*time.Hour)}},
			map[string]doctor.State{"escalation policy": doctor.OK, "schedule primary": doctor.Warn},
		},
		{
			"nobody now",
			rosterFake{policy("schedule:primary"), []*notificationv1.Shift{shift(-time.Hour, 24*time.Hour)}},
			map[string]doctor.State{"escalation policy": doctor.Fail, "schedule primary": doctor.Fail},
		},
		{
			"a schedule that is gone",
			rosterFake{policy("schedule:old", "zoe"), nil},
			map[string]doctor.State{"escalation policy": doctor.OK, "schedule old": doctor.Fail},
		},
		{"people only", rosterFake{policy("person:ada", "zoe"), nil}, map[string]doctor.State{"escalation policy": doctor.OK}},
		{"no policy", rosterFake{}, map[string]doctor.State{"escalation policy": doctor.Warn}},
	} {
		t.Run(c.name, func(t *testing.T) {
			report, err := examine(t, start(t, &suite{onCall: &onCallFake{roster: c.roster}}))
			found, failed := map[string]doctor.State{}, false
			for _, f := range report.Findings {
				require.Equal(t, "roster", f.Check)
				found[f.Subject] = f.State
				failed = failed || f.State == doctor.Fail
			}
			require.Equal(t, c.want, found)
			require.Equal(t, failed, err != nil, "a failure is told by the exit code: %v", err)
		})
	}
}

func TestDoctorNeedsNoService(t *testing.T) {
	t.Setenv("ALTIS_TOKEN", "")
	redis := testkit.RedisServer(t)
	t.Setenv("ALTIS_NOTIFICATION_REDIS", redis.URL)
	run := start(t, &suite{})
	out, err := run("", "--address", "127.0.0.1:1", "doctor")
	require.NoError(t, err)
	require.Regexp(t, `(?m)^ok +redis +redis +answers`, out)
	require.Contains(t, out, "not looked at: the roster (ALTIS_TOKEN)")

	redis.Stop()
	out, err = run("", "--address", "127.0.0.1:1", "doctor")
	require.ErrorContains(t, err, "1 of 1 checks failed")
	require.Regexp(t, `(?m)^fail +redis .*\n.*-> check --redis`, out, "it says what to do")

	t.Setenv("ALTIS_TOKEN", "altis_secret")
	report, err := examine(t, run, "--address", "127.0.0.1:1")
	require.Error(t, err)
	require.Equal(t, "roster", report.Findings[1].Check)
	require.Equal(t, doctor.Fail, report.Findings[1].State, "a service that was asked and is away is a failure")
	require.NotContains(t, report.NotAsked, "the roster (ALTIS_TOKEN)")
}

func TestDoctorIsToldWhatToLookAt(t *testing.T) {
	t.Setenv("ALTIS_TOKEN", "")
	report, err := examine(t, start(t, &suite{}))
	require.ErrorContains(t, err, "nothing was looked at")
	require.Empty(t, report.Findings)
	require.Len(t, report.NotAsked, 6)
}

func TestDoctorReadsWhatTheServicesRead(t *testing.T) {
	dns := testkit.NewDNS(t)
	dns.Set("example.com", "v=spf1 mx -all")
	dns.Set("_dmarc.example.com", "v=DMARC1; p=reject")
	dns.Set("s1._domainkey.example.com", "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
	sink := testkit.SMTPSink(t)
	for name, value := range map[string]string{
		"ALTIS_TOKEN": "", "ALTIS_TICKET_DATABASE": testkit.Postgres(t), "ALTIS_NOTIFICATION_SMTP_ADDR": sink.Addr, "ALTIS_NOTIFICATION_SMTP_TLS": "none",
		"ALTIS_NOTIFICATION_MAIL_FROM": "desk@example.com", "ALTIS_NOTIFICATION_DKIM_KEYS": "s1",
	} {
		t.Setenv(name, value)
	}
	report, err := examine(t, start(t, &suite{}), "--resolver", dns.Addr)
	require.ErrorContains(t, err, "checks failed", "the schema is empty")
	found := map[string]doctor.State{}
	for _, f := range report.Findings {
		found[f.Check] = f.State
	}
	require.Equal(t, map[string]doctor.State{
		"database": doctor.OK, "clock": doctor.OK, "schema": doctor.Fail, "smtp": doctor.OK, "spf": doctor.OK, "dkim": doctor.OK, "dmarc": doctor.OK,
	}, found)
}
