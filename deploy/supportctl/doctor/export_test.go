package doctor

// Newest is the newest migration of a service as this package knows it.
func Newest(service string) int64 { return newest[service] }
