package events

// Backoff is for the tests.
var Backoff = backoff
