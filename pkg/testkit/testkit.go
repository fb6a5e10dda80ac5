// Package testkit gives tests the real things they run against: PostgreSQL and
// Redis servers, a mail server, a webhook receiver, a certificate authority.
// Only tests import it.
//
// Nothing here skips a test. What is missing on the machine fails the test and
// says how to install it, so that a green run always means that it ran.
// Nothing survives the test process either, however that process ends.
package testkit
