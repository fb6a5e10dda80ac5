module altis-dxp.com/support/deploy/standalone

go 1.26.0

require (
	altis-dxp.com/support/gateway v0.0.0
	altis-dxp.com/support/pkg v0.0.0
	altis-dxp.com/support/proto v0.0.0
	altis-dxp.com/support/services/identity v0.0.0
	altis-dxp.com/support/services/notification v0.0.0
	altis-dxp.com/support/services/ticket v0.0.0
	altis-dxp.com/support/services/triage v0.0.0
)

require github.com/emersion/go-message v0.18.2 // indirect

replace (
	altis-dxp.com/support/gateway => ../../gateway
	altis-dxp.com/support/pkg => ../../pkg
	altis-dxp.com/support/proto => ../../proto
	altis-dxp.com/support/services/identity => ../../services/identity
	altis-dxp.com/support/services/notification => ../../services/notification
	altis-dxp.com/support/services/ticket => ../../services/ticket
	altis-dxp.com/support/services/triage => ../../services/triage
)
