package store_test

import (
	"testing"

	"altis-dxp.com/support/pkg/sqldb"
	"altis-dxp.com/support/pkg/testkit"
	"altis-dxp.com/support/services/notification/internal/store/storetest"
)

func TestStore(t *testing.T) {
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) { storetest.Run(t, cfg) })
}

func TestRotationsBecomeLayers(t *testing.T) {
	testkit.Databases(t, "notification", func(t *testing.T, cfg sqldb.Config) { storetest.Rotations(t, cfg) })
}
