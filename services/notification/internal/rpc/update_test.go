package rpc

import (
	"testing"

	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"altis-dxp.com/support/pkg/fault"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// A body that has a message comes with a mask of paths into it.
func TestMergeTakesAMessageAsAWhole(t *testing.T) {
	quiet := func(zone, from string) *notificationv1.QuietHours {
		return &notificationv1.QuietHours{TimeZone: zone, Hours: []*notificationv1.Restriction{{From: from, Until: "07:00"}}}
	}
	urgent := []*notificationv1.NotificationStep{{Contact: "c1"}}
	old := &notificationv1.NotificationRules{Person: "ada", Urgent: urgent, QuietHours: quiet("UTC", "22:00")}
	for _, test := range []struct {
		name   string
		paths  []string
		change *notificationv1.QuietHours
		want   *notificationv1.QuietHours
	}{
		{"all that is inside", []string{"quiet_hours.time_zone", "quiet_hours.hours"}, quiet("Asia/Tokyo", "23:00"), quiet("Asia/Tokyo", "23:00")},
		{"by its name in JSON", []string{"quietHours.hours"}, quiet("Asia/Tokyo", "23:00"), quiet("Asia/Tokyo", "23:00")},
		{"the message", []string{"quiet_hours"}, quiet("Asia/Tokyo", "23:00"), quiet("Asia/Tokyo", "23:00")},
		{"none any more", []string{"quiet_hours"}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			change := &notificationv1.NotificationRules{Person: "ada", QuietHours: test.change}
			merged, err := merge("notification_rules", old, change, &fieldmaskpb.FieldMask{Paths: test.paths})
			require.NoError(t, err)
			want := &notificationv1.NotificationRules{Person: "ada", Urgent: urgent, QuietHours: test.want}
			require.True(t, proto.Equal(want, merged), "%v", merged)
		})
	}

	change := &notificationv1.NotificationRules{Person: "ada", QuietHours: &notificationv1.QuietHours{Hours: quiet("", "23:00").GetHours()}}
	_, err := merge("notification_rules", old, change, &fieldmaskpb.FieldMask{Paths: []string{"quiet_hours.hours"}})
	require.Equal(t, fault.Invalid, fault.KindOf(err), "a message without what it needs is not mixed with the old one")
	_, err = merge("notification_rules", old, change, &fieldmaskpb.FieldMask{Paths: []string{"loud_hours.hours"}})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}
