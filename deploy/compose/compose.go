// Package compose checks compose.yaml and the files beside it, which run all of Altis Support on one machine for people
// who have a container engine. It has no code of its own; its tests are what keeps the file true without one.
package compose
