// Sends back what it gets, until the sender is gone or for some time. Parameters: dir, pingChannel, pongChannel, pingStream,
// pongStream, durationMs, idle.
package main

import (
	"bench/internal/program"
	"time"

	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
)

const fragmentLimit = 10
const turnsPerClockRead = 256

func main() {
	client := program.Connect()
	defer client.Close()
	subscription, err := client.AddSubscription(program.Text("pingChannel"), int32(program.Number("pingStream")))
	if err != nil {
		program.Fail(err)
	}
	publication, err := client.AddExclusivePublication(program.Text("pongChannel"), int32(program.Number("pongStream")))
	if err != nil {
		program.Fail(err)
	}
	idle := program.Idle(program.Text("idle"))
	echoed := 0
	session := int32(0)
	onPing := func(buffer *atomic.Buffer, offset int32, length int32, header *logbuffer.Header) {
		session = header.SessionId()
		for publication.Offer(buffer, offset, length, nil) < 0 {
			if !subscription.HasImages() || !publication.IsConnected() {
				return
			}
		}
		echoed++
	}
	end := time.Now().Add(time.Duration(program.Number("durationMs")) * time.Millisecond)
	for turn := 0; ; turn++ {
		if turn%turnsPerClockRead == 0 {
			image := subscription.ImageBySessionID(session)
			isAlone := echoed > 0 && (image == nil || image.IsEndOfStream())
			if isAlone || time.Now().After(end) {
				break
			}
		}
		idle.Idle(subscription.Poll(onPing, fragmentLimit))
	}
	publication.Close()
	subscription.Close()
	program.Sample{Values: map[string]float64{"echoed": float64(echoed)}}.Print()
}
