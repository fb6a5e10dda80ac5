package web

import (
	"strconv"
	"strings"
)

// encodings are what a build may hold beside a file, by the suffix of the name.
var encodings = map[string]string{"br": ".br", "gzip": ".gz"}

// choose returns the encoding that the client likes best and the file has, the smallest first among equals; "" is none.
func (f *file) choose(accept string) string {
	weights := map[string]float64{}
	for part := range strings.SplitSeq(accept, ",") {
		name, parameters, _ := strings.Cut(part, ";")
		weights[strings.ToLower(strings.TrimSpace(name))] = weight(parameters)
	}
	best, bestWeight := "", 0.0
	for _, encoding := range []string{"br", "gzip"} {
		if _, has := f.variants[encoding]; !has {
			continue
		}
		q, named := weights[encoding]
		if !named {
			q = weights["*"]
		}
		if q > bestWeight {
			best, bestWeight = encoding, q
		}
	}
	return best
}

// weight reads "q=0.5"; without one it is 1, and what is no number counts as refused.
func weight(parameters string) float64 {
	for parameter := range strings.SplitSeq(parameters, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		if strings.EqualFold(strings.TrimSpace(key), "q") {
			q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil || !(q >= 0 && q <= 1) {
				return 0
			}
			return q
		}
	}
	return 1
}
