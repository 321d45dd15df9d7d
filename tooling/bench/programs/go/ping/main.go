// Sends messages at a fixed rate and takes the time until each comes back, from the time at which it was to be sent: a message that
// had to wait for one before it counts with its wait. Parameters: dir, pingChannel, pongChannel, pingStream, pongStream, length,
// rate (messages a second), warmupMs, measureMs, idle.
package main

import (
	"bench/internal/program"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
)

const fragmentLimit = 10

// At most, for the last messages to come back: one that a stall holds up at the end counts too.
const drain = time.Second

func main() {
	client := program.Connect()
	defer client.Close()
	subscription, err := client.AddSubscription(program.Text("pongChannel"), int32(program.Number("pongStream")))
	if err != nil {
		program.Fail(err)
	}
	publication, err := client.AddExclusivePublication(program.Text("pingChannel"), int32(program.Number("pingStream")))
	if err != nil {
		program.Fail(err)
	}
	idle := program.Idle(program.Text("idle"))
	length := int32(program.Number("length"))
	buffer := atomic.MakeBuffer(make([]byte, length))
	interval := float64(time.Second) / float64(program.Number("rate"))
	histogram := hdrhistogram.New(1, int64(time.Minute), 3)
	for !publication.IsConnected() || !subscription.IsConnected() {
		time.Sleep(time.Millisecond)
	}
	start := time.Now()
	measure := int64(program.Number("warmupMs")) * int64(time.Millisecond)
	end := measure + int64(program.Number("measureMs"))*int64(time.Millisecond)
	sent, received := int64(0), int64(0)
	onPong := func(message *atomic.Buffer, offset int32, _ int32, _ *logbuffer.Header) {
		intended := message.GetInt64(offset)
		received++
		if intended >= measure {
			histogram.RecordValue(int64(time.Since(start)) - intended)
		}
	}
	for {
		now := int64(time.Since(start))
		intended := int64(float64(sent) * interval)
		workCount := 0
		if now >= intended && intended < end {
			buffer.PutInt64(0, intended)
			if publication.Offer(buffer, 0, length, nil) > 0 {
				sent++
			}
			workCount = 1
		}
		isAnswered := intended >= end && received == sent
		if isAnswered || now > end+int64(drain) {
			break
		}
		idle.Idle(workCount + subscription.Poll(onPong, fragmentLimit))
	}
	publication.Close()
	subscription.Close()
	program.Sample{
		Values:     map[string]float64{"sent": float64(sent), "received": float64(received)},
		Histograms: map[string]string{"roundTrip": program.Encode(histogram)},
	}.Print()
}
