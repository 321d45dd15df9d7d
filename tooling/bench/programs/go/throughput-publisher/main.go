// Sends messages of one length as fast as it can, for some time after it was connected.
// Parameters: dir, channel, stream, mode (exclusive, claim, concurrent), length, durationMs.
package main

import (
	"bench/internal/program"
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

func main() {
	client := program.Connect()
	defer client.Close()
	mode := program.Text("mode")
	add := client.AddExclusivePublication
	if mode == "concurrent" {
		add = client.AddPublication
	}
	publication, err := add(program.Text("channel"), int32(program.Number("stream")))
	if err != nil {
		program.Fail(err)
	}
	for !publication.IsConnected() {
		time.Sleep(time.Millisecond)
	}
	length := int32(program.Number("length"))
	buffer := atomic.MakeBuffer(make([]byte, length))
	var claim logbuffer.Claim
	end := time.Now().Add(time.Duration(program.Number("durationMs")) * time.Millisecond)
	sent := int32(0)
	for time.Now().Before(end) {
		if mode == "claim" {
			sent = claimBatch(publication, &claim, length, sent)
		} else {
			sent = offerBatch(publication, buffer, length, sent)
		}
	}
	publication.Close()
	program.Sample{Values: map[string]float64{"sent": float64(sent)}}.Print()
}
