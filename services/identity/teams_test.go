package identity_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"altis-dxp.com/support/pkg/fault"
	eventv1 "altis-dxp.com/support/proto/gen/go/altis/support/event/v1"
	identityv1 "altis-dxp.com/support/proto/gen/go/altis/support/identity/v1"
)

func TestStaffBelongsToTeams(t *testing.T) {
	f := setup(t)
	created, err := f.directory.CreateStaff(f.root, &identityv1.CreateStaffRequest{Password: password, Staff: &identityv1.Staff{
		Name: "Ada", Email: "ada@example.com", Role: identityv1.StaffRole_STAFF_ROLE_AGENT, Teams: []string{"support", " cloud ", "support"},
	}})
	require.NoError(t, err)
	require.Equal(t, []string{"cloud", "support"}, created.GetTeams())
	told := func() []string {
		t.Helper()
		changes, err := identityv1.NewDirectoryServiceClient(f.server.InProcess("ticket")).ListChanges(t.Context(), &identityv1.ListChangesRequest{})
		require.NoError(t, err)
		var person *eventv1.DirectoryPerson
		for _, c := range changes.GetChanges() {
			if c.GetPerson().GetId() == created.GetId() {
				person = c.GetPerson()
			}
		}
		return person.GetTeams()
	}
	require.Equal(t, []string{"cloud", "support"}, told())

	created.Teams = []string{"engineering"}
	after, err := f.directory.UpdateStaff(f.root, &identityv1.UpdateStaffRequest{Staff: created, UpdateMask: mask("teams")})
	require.NoError(t, err)
	require.Equal(t, []string{"engineering"}, after.GetTeams())
	require.Equal(t, []string{"engineering"}, told())
	after.Name = "Ada Park"
	after.Teams = nil
	after, err = f.directory.UpdateStaff(f.root, &identityv1.UpdateStaffRequest{Staff: after, UpdateMask: mask("name")})
	require.NoError(t, err)
	require.Equal(t, []string{"engineering"}, after.GetTeams(), "not in the mask")

	many := make([]string, 21)
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	for name, teams := range map[string][]string{
		"staff.teams[0]": {strings.Repeat("ä", 65)}, "staff.teams[1]": {"a", "b\nc"}, "staff.teams": many,
	} {
		after.Teams = teams
		_, err := f.directory.UpdateStaff(f.root, &identityv1.UpdateStaffRequest{Staff: after, UpdateMask: mask("teams")})
		require.ErrorIs(t, err, fault.Invalid)
		require.Equal(t, name, fieldOf(t, err))
	}
	after.Teams = nil
	after, err = f.directory.UpdateStaff(f.root, &identityv1.UpdateStaffRequest{Staff: after, UpdateMask: mask("teams")})
	require.NoError(t, err)
	require.Empty(t, after.GetTeams())
	require.Empty(t, told())
}
