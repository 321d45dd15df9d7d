package program

import (
	"fmt"
	"time"

	"github.com/lirm/aeron-go/aeron/idlestrategy"
)

// Idle gives the idle strategy of an alias of Agrona's, with Agrona's defaults.
func Idle(alias string) idlestrategy.Idler {
	switch alias {
	case "spin":
		return idlestrategy.Busy{}
	case "yield":
		return idlestrategy.Yielding{}
	case "backoff":
		return idlestrategy.NewBackoffIdleStrategy(10, 5, int64(time.Microsecond), int64(time.Millisecond))
	case "sleep-ns":
		return idlestrategy.Sleeping{SleepFor: time.Microsecond}
	case "sleep-ms":
		return idlestrategy.Sleeping{SleepFor: time.Millisecond}
	}
	Fail(fmt.Errorf("Cannot idle: there is no strategy %s", alias))
	return nil
}
