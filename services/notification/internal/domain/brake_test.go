package domain

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBrakesOfMail(t *testing.T) {
	for _, c := range []struct {
		name   string
		recent RecentMails
		want   string
	}{
		{"few", RecentMails{Answers: 19, Requests: 9, OfSender: 59, OfDomain: 199}, ""},
		{"many to one ticket", RecentMails{Answers: 20}, ReasonTooMany},
		{"many tickets", RecentMails{Requests: 10}, ReasonTooMany},
		{"many of one sender", RecentMails{OfSender: 60}, ReasonTooMany},
		{"many of one domain", RecentMails{OfDomain: 200}, ReasonTooManyDomain},
		{"many of both", RecentMails{OfSender: 60, OfDomain: 200}, ReasonTooMany},
	} {
		require.Equal(t, c.want, c.recent.Brake(), c.name)
	}
}
