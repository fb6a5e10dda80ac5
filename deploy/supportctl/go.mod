module altis-dxp.com/support/deploy/supportctl

go 1.26.0

require (
	altis-dxp.com/support/pkg v0.0.0
	altis-dxp.com/support/proto v0.0.0
)

require github.com/alecthomas/kong v1.17.0 // indirect

replace (
	altis-dxp.com/support/pkg => ../../pkg
	altis-dxp.com/support/proto => ../../proto
)
