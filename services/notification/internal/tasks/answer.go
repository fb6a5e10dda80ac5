package tasks

import (
	"errors"
	"fmt"
	"strconv"

	"altis-dxp.com/support/services/notification/internal/domain"
)

// status returns the SMTP or HTTP status that an answer begins with, 0 without one. It is all of an answer that leaves the
// delivery's row: the rest is the receiver's own text, which often repeats the address, and logs name no people.
func status(answer string) int {
	if len(answer) < 3 {
		return 0
	}
	code, err := strconv.ParseUint(answer[:3], 10, 16)
	if err != nil || code < 100 {
		return 0
	}
	return int(code)
}

var errSilent = errors.New("tasks: not accepted, without a status")

// refusal is the failure of an attempt as the queue may log it and keep it with the task.
func refusal(a domain.Attempt) error {
	if code := status(a.Answer.Said); code != 0 {
		return fmt.Errorf("tasks: not accepted, status %d", code)
	}
	return errSilent
}
