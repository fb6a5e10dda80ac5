package supportctl

import (
	"fmt"
	"strings"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

type rulesGroup struct {
	Show showRules `cmd:"" help:"Show how a person is notified."`
	Set  setRules  `cmd:"" help:"Change how a person is notified; what is not given stays as it is."`
}

type showRules struct {
	Person string `arg:"" help:"Person id."`
}

func (c showRules) Run(e *env) error {
	rules, err := notificationv1.NewOnCallServiceClient(e.conn).GetNotificationRules(e.ctx, &notificationv1.GetNotificationRulesRequest{Person: c.Person})
	if err != nil {
		return err
	}
	return e.out.message(rules, func() []row { return ruleRows(rules) })
}

type setRules struct {
	Person   string   `arg:"" help:"Person id."`
	Urgent   []string `help:"Steps of urgent pages in their order, such as CONTACT,CONTACT=1m; none for all contacts in their order."`
	Normal   []string `help:"Steps of pages that are not urgent; none for the same as urgent."`
	Quiet    []string `help:"Quiet hours such as 22:00-07:00, or none."`
	TimeZone string   `help:"IANA zone of the quiet hours."`
}

func (c setRules) Run(e *env) error {
	rules := &notificationv1.NotificationRules{Person: c.Person}
	mask := &fieldmaskpb.FieldMask{}
	var err error
	if c.Urgent != nil {
		mask.Paths = append(mask.Paths, "urgent")
		if rules.Urgent, err = ruleSteps(c.Urgent); err != nil {
			return err
		}
	}
	if c.Normal != nil {
		mask.Paths = append(mask.Paths, "normal")
		if rules.Normal, err = ruleSteps(c.Normal); err != nil {
			return err
		}
	}
	if c.Quiet != nil {
		mask.Paths = append(mask.Paths, "quiet_hours")
		if rules.QuietHours, err = quietHours(c.Quiet, c.TimeZone); err != nil {
			return err
		}
	}
	if len(mask.GetPaths()) == 0 {
		return fmt.Errorf("say what to change: --urgent, --normal or --quiet")
	}
	rules, err = notificationv1.NewOnCallServiceClient(e.conn).UpdateNotificationRules(e.ctx, &notificationv1.UpdateNotificationRulesRequest{
		NotificationRules: rules, UpdateMask: mask,
	})
	if err != nil {
		return err
	}
	return e.out.message(rules, func() []row { return ruleRows(rules) })
}

func ruleSteps(texts []string) (steps []*notificationv1.NotificationStep, err error) {
	for _, text := range given(texts) {
		contact, delay, waits := strings.Cut(text, "=")
		step := &notificationv1.NotificationStep{Contact: contact}
		if waits {
			after, err := time.ParseDuration(delay)
			if err != nil {
				return nil, fmt.Errorf("step %q: its delay is a duration such as 90s", text)
			}
			step.Delay = durationpb.New(after)
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func quietHours(texts []string, zone string) (*notificationv1.QuietHours, error) {
	if len(given(texts)) == 0 {
		return nil, nil
	}
	q := &notificationv1.QuietHours{TimeZone: zone}
	for _, text := range given(texts) {
		from, until, ok := strings.Cut(text, "-")
		if !ok {
			return nil, fmt.Errorf("quiet hours %q: they are such as 22:00-07:00", text)
		}
		q.Hours = append(q.Hours, &notificationv1.Restriction{From: from, Until: until})
	}
	return q, nil
}

// given is nothing for the word that stands for it: a flag without a value is one that is not given.
func given(texts []string) []string {
	if len(texts) == 1 && texts[0] == "none" {
		return nil
	}
	return texts
}

func ruleRows(r *notificationv1.NotificationRules) []row {
	rows := []row{{"FOR", "CONTACT", "AFTER"}}
	for _, chain := range []struct {
		name  string
		steps []*notificationv1.NotificationStep
		none  string
	}{{"urgent", r.GetUrgent(), "(all in their order)"}, {"normal", r.GetNormal(), "(as urgent)"}} {
		if len(chain.steps) == 0 {
			rows = append(rows, row{chain.name, chain.none, "-"})
		}
		for _, step := range chain.steps {
			rows = append(rows, row{chain.name, step.GetContact(), step.GetDelay().AsDuration().String()})
		}
	}
	for _, part := range r.GetQuietHours().GetHours() {
		rows = append(rows, row{"quiet", part.GetFrom() + "-" + part.GetUntil() + " " + weekdayNames(part.GetWeekdays()), r.GetQuietHours().GetTimeZone()})
	}
	return rows
}

func weekdayNames(days []int32) string {
	if len(days) == 0 {
		return "daily"
	}
	names := make([]string, len(days))
	for i, day := range days {
		names[i] = time.Weekday(day % 7).String()[:3]
	}
	return strings.Join(names, " ")
}
