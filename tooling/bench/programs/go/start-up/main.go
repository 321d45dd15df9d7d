// Connects, sends one message to itself, and says when it came. Parameters: dir, channel, stream.
package main

import (
	"bench/internal/program"
	"time"

	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
)

func main() {
	started := time.Now().UnixMilli()
	client := program.Connect()
	defer client.Close()
	channel, stream := program.Text("channel"), int32(program.Number("stream"))
	subscription := program.Must(client.AddSubscription(channel, stream))
	publication := program.Must(client.AddExclusivePublication(channel, stream))
	buffer := atomic.MakeBuffer(make([]byte, 32))
	for publication.Offer(buffer, 0, 32, nil) < 0 {
		time.Sleep(100 * time.Microsecond)
	}
	onMessage := func(*atomic.Buffer, int32, int32, *logbuffer.Header) {}
	for subscription.Poll(onMessage, 1) == 0 {
		time.Sleep(100 * time.Microsecond)
	}
	program.Sample{Values: map[string]float64{
		"mainAtMs":    float64(started),
		"messageAtMs": float64(time.Now().UnixMilli()),
	}}.Print()
}
