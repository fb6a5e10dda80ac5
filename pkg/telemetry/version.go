package telemetry

import "runtime/debug"

// release is the version of a binary that is made to be given away, which the linker writes here.
var release string

// Version is the version of the running binary: that of its release, else its
// commit, when it was built from one, else its module's version.
func Version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return info.Main.Version
}
