package triage

import (
	"errors"
	"fmt"

	"altis-dxp.com/support/services/triage/internal/domain"
)

// Config is triage's part of a process's configuration.
type Config struct {
	IncidentTeam string `help:"Team that works on incidents." default:"engineering"`
	ProblemTeam  string `help:"Team that works on problems." default:"engineering"`
	TaskTeam     string `help:"Team that works on tasks." default:"cloud"`
	QuestionTeam string `help:"Team that answers questions." default:"support"`
}

// Validate lists every fault.
func (c Config) Validate() error {
	var faults []error
	for _, team := range []struct{ flag, name string }{
		{"incident-team", c.IncidentTeam}, {"problem-team", c.ProblemTeam}, {"task-team", c.TaskTeam}, {"question-team", c.QuestionTeam},
	} {
		if team.name == "" || len(team.name) > 64 {
			faults = append(faults, fmt.Errorf("%s: a team's name has 1 to 64 characters", team.flag))
		}
	}
	return errors.Join(faults...)
}

func (c Config) teams() domain.Teams {
	return domain.Teams{
		domain.Incident: c.IncidentTeam, domain.Problem: c.ProblemTeam, domain.Task: c.TaskTeam, domain.Question: c.QuestionTeam,
	}
}
