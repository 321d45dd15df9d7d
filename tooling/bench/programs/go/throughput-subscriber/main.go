// Counts the messages of one stream after another, each for some time after some time of warm-up, both from the first message on.
// Parameters: dir, channel, stream (the first), publishers (images to wait for), assemble, warmUpsMs (comma separated), measureMs.
package main

import (
	"bench/internal/program"
	"fmt"
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
	messages := int64(0)
	checksum := int32(0)
	handler := func(buffer *atomic.Buffer, offset int32, length int32, header *logbuffer.Header) {
		messages++
		checksum ^= buffer.GetInt32(offset)
	}
	if program.Text("assemble") == "true" {
		handler = aeron.NewFragmentAssembler(handler, aeron.DefaultFragmentAssemblyBufferLength).OnFragment
	}
	values := map[string]float64{}
	for i, warmUpMs := range program.Numbers("warmUpsMs") {
		stream := int32(program.Number("stream") + i)
		subscription := program.Must(client.AddSubscription(program.Text("channel"), stream))
		for subscription.ImageCount() < program.Number("publishers") {
			time.Sleep(time.Millisecond)
		}
		for subscription.Poll(handler, 1) <= 0 {
		}
		pollFor(subscription, handler, warmUpMs)
		before := messages
		start := time.Now()
		pollFor(subscription, handler, program.Number("measureMs"))
		values[fmt.Sprintf("messagesPerSecond%d", i)] = float64(messages-before) / time.Since(start).Seconds()
		subscription.Close()
	}
	values["checksum"] = float64(checksum)
	program.Sample{Values: values}.Print()
}
