package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of times in /proc/PID/stat: USER_HZ, which is 100 on every Linux.
const tick = 10 * time.Millisecond

// stat is the part of /proc/PID/stat that is used here.
type stat struct {
	parent           int
	own, ofEndedSons time.Duration // user and system time
}

func readStat(pid int) (stat, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return stat{}, err
	}
	return parseStat(text)
}

// parseStat reads the fields behind the name, which is in parentheses and may hold anything.
func parseStat(text []byte) (stat, error) {
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 15 {
		return stat{}, fmt.Errorf("proc: not a stat file: %.80q", text)
	}
	var n [5]int64 // parent, utime, stime, cutime, cstime
	for i, field := range []int{1, 11, 12, 13, 14} {
		var err error
		if n[i], err = strconv.ParseInt(fields[field], 10, 64); err != nil {
			return stat{}, fmt.Errorf("proc: stat: %w", err)
		}
	}
	return stat{parent: int(n[0]), own: time.Duration(n[1]+n[2]) * tick, ofEndedSons: time.Duration(n[3]+n[4]) * tick}, nil
}

// cpuOf returns the CPU time that the processes have used.
func cpuOf(pids []int) (total time.Duration, err error) {
	for _, pid := range pids {
		s, err := readStat(pid)
		if err != nil {
			return 0, err
		}
		total += s.own
	}
	return total, nil
}

// cpuOfFamily returns the CPU time of a process, its children and those that have ended: of PostgreSQL with its backends.
func cpuOfFamily(pid int) (time.Duration, error) {
	s, err := readStat(pid)
	if err != nil {
		return 0, err
	}
	total := s.own + s.ofEndedSons
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	for _, entry := range entries {
		child, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		if s, err := readStat(child); err == nil && s.parent == pid { // else it has ended meanwhile
			total += s.own
		}
	}
	return total, nil
}

// ownCPU returns the CPU time of this process: the clients, the receivers of pages and mail, and the floor.
func ownCPU() (time.Duration, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, err
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), nil
}

// pssOf returns the proportional set size of a process in bytes: its own memory and its share of what several use.
func pssOf(pid int) (int64, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "smaps_rollup"))
	if err != nil {
		return 0, err
	}
	return parsePSS(text)
}

func parsePSS(text []byte) (int64, error) {
	for line := range strings.Lines(string(text)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "Pss:" && fields[2] == "kB" {
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			return kib << 10, err
		}
	}
	return 0, fmt.Errorf("proc: smaps_rollup without Pss: %.80q", text)
}

// load returns the load average of the last minute.
func load() (float64, error) {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), " ")
	return strconv.ParseFloat(first, 64)
}
