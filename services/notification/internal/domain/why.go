package domain

// WhyKind is why a person is called.
type WhyKind int

// The kinds, with the numbers of the contract.
const (
	WhySchedule   WhyKind = iota + 1 // on call by the rotation of a schedule
	WhyOverride                      // on call by an override of a schedule
	WhyNamed                         // a step of the policy names the person
	WhyFallback                      // on the policy's fallback list
	WhySupervisor                    // nobody else acknowledged
)

// Why is the reason to call a person, as data: each reader has it in their own language.
type Why struct {
	Kind     WhyKind `json:"kind"`
	Schedule string  `json:"schedule,omitempty"` // its name
}

// Text is the reason in English.
func (w Why) Text() string {
	switch w.Kind {
	case WhySchedule:
		return "on call by schedule " + w.Schedule
	case WhyOverride:
		return "on call by schedule " + w.Schedule + " (override)"
	case WhyNamed:
		return "named by the escalation policy"
	case WhyFallback:
		return "on the fallback list"
	case WhySupervisor:
		return "supervisor: nobody acknowledged"
	}
	return ""
}
