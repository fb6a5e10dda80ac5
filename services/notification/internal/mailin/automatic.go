package mailin

import (
	"mime"
	"slices"
	"strings"
)

// autoReplies are how the subjects of automatic replies begin whose senders say it nowhere else, in lower case.
var autoReplies = []string{
	"automatic reply:", "auto-reply:", "autoreply:", "out of office:", "out of office autoreply:", "automatische antwort:", "abwesenheitsnotiz:",
	"réponse automatique", "respuesta automática:", "risposta automatica:", "automatisch antwoord:",
}

// automatic returns why nobody wrote a mail, "" if somebody did. Marks of mailing lists do not count: an address may be
// a group's, which passes on with them what a person has written, and a call for help must not be lost by that.
func automatic(f fields, h Head, envelopeFrom string) string {
	if envelopeFrom == "" {
		return "its envelope names no sender, as that of a bounce"
	}
	if kind, _, _ := mime.ParseMediaType(f.get("content-type")); kind == "multipart/report" {
		return "it is a report of a mail server"
	}
	keyword, _, _ := strings.Cut(f.get("auto-submitted"), ";")
	if keyword = strings.ToLower(strings.TrimSpace(keyword)); keyword != "" && keyword != "no" {
		return "it is marked as Auto-Submitted"
	}
	for _, name := range []string{"x-autoreply", "x-autorespond", "x-autoreply-from", "x-auto-reply"} {
		if value := strings.ToLower(f.get(name)); value != "" && value != "no" {
			return "it is marked as an automatic reply"
		}
	}
	switch strings.ToLower(f.get("precedence")) {
	case "bulk", "junk", "auto_reply":
		return "its precedence is that of automatic mail"
	}
	for _, address := range []string{h.From, strings.ToLower(envelopeFrom)} {
		local, _, _ := strings.Cut(address, "@")
		if local == "mailer-daemon" || local == "postmaster" {
			return "a mail server sent it"
		}
	}
	subject := strings.ToLower(h.Subject)
	if slices.ContainsFunc(autoReplies, func(s string) bool { return strings.HasPrefix(subject, s) }) {
		return "its subject is that of an automatic reply"
	}
	return ""
}
