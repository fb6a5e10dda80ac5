package main

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseStat(t *testing.T) {
	tests := []struct {
		name, text string
		want       stat
		wrong      bool
	}{
		{
			name: "a backend", text: "4711 (postgres) S 4700 4711 4711 0 -1 4194560 1 2 3 4 150 25 30 5 20 0 1 0 99 0 0",
			want: stat{parent: 4700, own: 1750 * time.Millisecond, ofEndedSons: 350 * time.Millisecond},
		},
		{
			name: "a name with parentheses and blanks", text: "1 (a) b (c) R 2 1 1 0 -1 0 0 0 0 0 1 2 3 4 20 0",
			want: stat{parent: 2, own: 30 * time.Millisecond, ofEndedSons: 70 * time.Millisecond},
		},
		{name: "cut off", text: "1 (a) R 2", wrong: true},
		{name: "no number", text: "1 (a) R x 1 1 0 -1 0 0 0 0 0 1 2 3 4 20 0", wrong: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parseStat([]byte(tt.text))
			require.Equal(t, tt.wrong, err != nil, "%v", err)
			require.Equal(t, tt.want, got)
		})
	}
}

func TestParsePSS(t *testing.T) {
	got, err := parsePSS([]byte("00400000-7fff [rollup]\nRss:   2048 kB\nPss:   1024 kB\nPss_Anon: 1 kB\n"))
	require.NoError(t, err)
	require.EqualValues(t, 1<<20, got)
	_, err = parsePSS([]byte("Rss: 1 kB\n"))
	require.Error(t, err)
}

func TestThisProcess(t *testing.T) {
	pss, err := pssOf(os.Getpid())
	require.NoError(t, err)
	require.Greater(t, pss, int64(1<<20))
	before, err := ownCPU()
	require.NoError(t, err)
	for sum, deadline := 0, time.Now().Add(30*time.Millisecond); time.Now().Before(deadline); sum++ {
	}
	after, err := ownCPU()
	require.NoError(t, err)
	require.Greater(t, after, before)
	s, err := readStat(os.Getpid())
	require.NoError(t, err)
	require.Equal(t, os.Getppid(), s.parent)
}
