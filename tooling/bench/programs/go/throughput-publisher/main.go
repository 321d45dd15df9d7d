// Sends messages as fast as it can: of each length for some time after it was connected, on a stream of its own.
// Parameters: dir, channel, stream (of the first length), mode (exclusive, claim, concurrent), lengths, durationsMs (comma separated).
package main

import (
	"bench/internal/program"
	"fmt"
	"time"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
)

const batch = 1024

func offerBatch(publication *aeron.Publication, buffer *atomic.Buffer, length int32, sequence int32) int32 {
	for i := 0; i < batch; i++ {
		buffer.PutInt32(0, sequence)
		if publication.Offer(buffer, 0, length, nil) > 0 {
			sequence++
		}
	}
	return sequence
}

func claimBatch(publication *aeron.Publication, claim *logbuffer.Claim, length int32, sequence int32) int32 {
	for i := 0; i < batch; i++ {
		if publication.TryClaim(length, claim) > 0 {
			claim.Buffer().PutInt32(claim.Offset(), sequence)
			claim.Commit()
			sequence++
		}
	}
	return sequence
}

func send(client *aeron.Aeron, stream int32, length int32, durationMs int) int32 {
	mode := program.Text("mode")
	add := client.AddExclusivePublication
	if mode == "concurrent" {
		add = client.AddPublication
	}
	publication := program.Must(add(program.Text("channel"), stream))
	for !publication.IsConnected() {
		time.Sleep(time.Millisecond)
	}
	buffer := atomic.MakeBuffer(make([]byte, length))
	var claim logbuffer.Claim
	end := time.Now().Add(time.Duration(durationMs) * time.Millisecond)
	sent := int32(0)
	for time.Now().Before(end) {
		if mode == "claim" {
			sent = claimBatch(publication, &claim, length, sent)
		} else {
			sent = offerBatch(publication, buffer, length, sent)
		}
	}
	publication.Close()
	return sent
}

func main() {
	client := program.Connect()
	defer client.Close()
	durationsMs := program.Numbers("durationsMs")
	values := map[string]float64{}
	for i, length := range program.Numbers("lengths") {
		sent := send(client, int32(program.Number("stream")+i), int32(length), durationsMs[i])
		values[fmt.Sprintf("sent%d", i)] = float64(sent)
	}
	program.Sample{Values: values}.Print()
}
