// Counts the messages of a stream for some time, after some time of warm-up, both from the first message on.
// Parameters: dir, channel, stream, publishers (images to wait for), assemble, warmupMs, measureMs.
package main

import (
	"bench/internal/program"
	"time"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/aeron/logbuffer/term"
)

const fragmentLimit = 256
const batch = 256

func pollFor(subscription *aeron.Subscription, handler term.FragmentHandler, durationMs int) {
	end := time.Now().Add(time.Duration(durationMs) * time.Millisecond)
	for time.Now().Before(end) {
		for i := 0; i < batch; i++ {
			subscription.Poll(handler, fragmentLimit)
		}
	}
}

func main() {
	client := program.Connect()
	defer client.Close()
	subscription, err := client.AddSubscription(program.Text("channel"), int32(program.Number("stream")))
	if err != nil {
		program.Fail(err)
	}
	messages := int64(0)
	checksum := int32(0)
	handler := func(buffer *atomic.Buffer, offset int32, length int32, header *logbuffer.Header) {
		messages++
		checksum ^= buffer.GetInt32(offset)
	}
	if program.Text("assemble") == "true" {
		handler = aeron.NewFragmentAssembler(handler, aeron.DefaultFragmentAssemblyBufferLength).OnFragment
	}
	for subscription.ImageCount() < program.Number("publishers") {
		time.Sleep(time.Millisecond)
	}
	for subscription.Poll(handler, 1) <= 0 {
	}
	pollFor(subscription, handler, program.Number("warmupMs"))
	before := messages
	start := time.Now()
	pollFor(subscription, handler, program.Number("measureMs"))
	seconds := time.Since(start).Seconds()
	subscription.Close()
	program.Sample{Values: map[string]float64{
		"messagesPerSecond": float64(messages-before) / seconds,
		"received":          float64(messages - before),
		"checksum":          float64(checksum),
	}}.Print()
}
