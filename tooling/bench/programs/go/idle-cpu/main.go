// Processor time of a process that polls a subscription on which nothing comes, for each idle strategy.
// Parameters: dir, channel, stream, strategies (comma separated), settleMs, measureMs.
package main

import (
	"bench/internal/program"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	buffers "github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
)

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		program.Fail(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	client := program.Connect()
	defer client.Close()
	channel, stream := program.Text("channel"), int32(program.Number("stream"))
	subscription := program.Must(client.AddSubscription(channel, stream))
	publication := program.Must(client.AddExclusivePublication(channel, stream))
	for !publication.IsConnected() {
		time.Sleep(time.Millisecond)
	}
	onMessage := func(*buffers.Buffer, int32, int32, *logbuffer.Header) {}
	values := map[string]float64{}
	for _, strategy := range strings.Split(program.Text("strategies"), ",") {
		idle := program.Idle(strategy)
		var stop atomic.Bool
		done := make(chan struct{})
		go func() {
			for !stop.Load() {
				idle.Idle(subscription.Poll(onMessage, 10))
			}
			close(done)
		}()
		time.Sleep(time.Duration(program.Number("settleMs")) * time.Millisecond)
		start, before := time.Now(), processorTime()
		time.Sleep(time.Duration(program.Number("measureMs")) * time.Millisecond)
		values[strategy] = float64(processorTime()-before) / float64(time.Since(start)) * 100
		stop.Store(true)
		<-done
	}
	subscription.Close()
	program.Sample{Values: values}.Print()
}
