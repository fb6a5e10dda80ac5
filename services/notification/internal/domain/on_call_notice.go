package domain

import (
	"context"
	"time"
)

// Source says why people are the ones whom a page reaches first.
type Source int

// The sources, with the numbers of the contract.
const (
	SourceOnCall      Source = iota + 1 // a step of the policy
	SourceFallback                      // no step reaches anybody: the fallback list
	SourceEverybody                     // there is no policy yet
	SourceSupervisors                   // not even the fallback list is within reach
	SourceNobody
)

// OnCallNotice is whom an urgent incident would page at once.
type OnCallNotice struct {
	People []Person
	Source Source
}

// NoticeOnCall chooses the people as the pager does for a page that is opened now.
func NoticeOnCall(ctx context.Context, roll Roll, roster *Roster, now time.Time) (OnCallNotice, error) {
	policy, err := policyNow(ctx, roll, roster, false)
	if err != nil {
		return OnCallNotice{}, err
	}
	a, err := seek(ctx, roll, roster, policy, firstPosition, now)
	if err != nil {
		return OnCallNotice{}, err
	}
	source := SourceOnCall
	switch {
	case len(a.called) == 0:
		source = SourceSupervisors
		if a.called, err = lastCalls(ctx, roll, policy); err != nil {
			return OnCallNotice{}, err
		}
		switch {
		case len(a.called) == 0:
			source = SourceNobody
		case a.called[0].why.Kind == WhyFallback:
			source = SourceFallback
		}
	case roster.Policy == nil:
		source = SourceEverybody
	case policy.isFallback(a.at):
		source = SourceFallback
	}
	notice := OnCallNotice{Source: source}
	for _, c := range a.called {
		notice.People = append(notice.People, c.Person)
	}
	return notice, nil
}
