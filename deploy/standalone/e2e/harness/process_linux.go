package harness

import "syscall"

// dieWithParent makes the kernel end a daemon when the tests are killed.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
