package mailin

import "slices"

// publicDomains give addresses to anybody: that two authors share one says nothing.
var publicDomains = []string{
	"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com", "me.com", "mac.com",
	"aol.com", "gmx.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "freenet.de", "mail.com", "mail.ru", "yandex.com", "yandex.ru", "proton.me",
	"protonmail.com", "pm.me", "fastmail.com", "zoho.com", "hey.com", "tuta.com", "qq.com", "163.com", "126.com", "naver.com", "orange.fr", "free.fr",
}

// PublicDomain reports a domain, in lower case, that gives addresses to anybody.
func PublicDomain(domain string) bool { return slices.Contains(publicDomains, domain) }
