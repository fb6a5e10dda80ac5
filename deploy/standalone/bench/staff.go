package main

import (
	"crypto/rand"
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/deploy/standalone/e2e/harness"
	"altis-dxp.com/support/pkg/testkit"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
	notificationv1 "altis-dxp.com/support/proto/gen/go/altis/support/notification/v1"
)

// What a system has besides those who are paged: a large desk with many rotations, of which each page must find its own.
const (
	staffSize       = 1000
	rotations       = 20
	rotationSize    = 50 // people of each of its layers
	rotationPrimary = "rotation-0"
)

// employ adds the staff and their rotations. Who is on call on the first one is the engineer, whose turn lasts.
func (b *bench) employ(s *system) {
	people := make([]string, staffSize)
	group := newTasks(8)
	for i := range staffSize {
		group.do(func(int) error {
			made, err := s.world.Admin.Directory().CreateStaff(b.ctx, &identityv1.CreateStaffRequest{
				Staff: &identityv1.Staff{
					Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("person%d@desk.example", i), Role: identityv1.StaffRole_STAFF_ROLE_AGENT,
					TimeZone: "Europe/Berlin", Locale: "en",
				},
				Password: rand.Text(),
			})
			people[i] = made.GetId()
			return err
		})
	}
	b.must(group.wait())
	began := time.Now().Add(-time.Hour).Format("2006-01-02T15:04")
	for n := range rotations {
		turns := append([]string{s.world.Engineer.ID}, people[n*rotationSize:(n+1)*rotationSize]...)
		rotation := &notificationv1.Schedule{Id: fmt.Sprintf("rotation-%d", n), Name: fmt.Sprintf("Rotation %d", n), TimeZone: "UTC", Layers: []*notificationv1.Layer{
			{Unit: notificationv1.Layer_UNIT_DAY, Length: 1, Start: "2026-03-02T09:00", People: turns[1:]},
			{Unit: notificationv1.Layer_UNIT_HOUR, Length: 12, Start: "2026-03-02T08:00", People: turns[1:], Restrictions: []*notificationv1.Restriction{{From: "22:00", Until: "06:00"}}},
			{Unit: notificationv1.Layer_UNIT_WEEK, Length: 1, Start: began, People: turns},
		}}
		testkit.EventuallyPasses(b.runner, func(t require.TestingT) { // notification hears of the people by events
			_, err := s.world.Supervisor.OnCall().UpdateSchedule(b.ctx, &notificationv1.UpdateScheduleRequest{Schedule: rotation, AllowMissing: true})
			require.NoError(t, err)
		}, "notification takes a rotation")
	}
	b.must(s.pageRotation(b))
}

// pageRotation makes pages go to who is on call on the first rotation, by one step.
func (s *system) pageRotation(b *bench) error {
	return s.world.EscalateBy(b.ctx, harness.Step(24*time.Hour, "schedule:"+rotationPrimary))
}
