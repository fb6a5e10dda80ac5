// Package lifecycle starts and ends a process in order: listeners whose errors
// say what to change, loops that fail together, cleanups that run last in first
// out, and the administration endpoints that tell others how it stands.
package lifecycle
