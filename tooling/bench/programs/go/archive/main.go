// Records a stream and replays it, some times, each from the request to the last byte. A shorter one before that warms up.
// Parameters: dir, control (channel of the archive), channel, stream, length, messages, warmupMessages, times, idle.
package main

import (
	"bench/internal/program"
	"fmt"
	"time"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/idlestrategy"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/archive"
)

const fragmentLimit = 256

type bench struct {
	archive *archive.Archive
	channel string
	stream  int32
	length  int32
	idle    idlestrategy.Idler
}

// record gives the recording's id, and how many seconds it took.
func (bench *bench) record(messages int) (int64, float64) {
	publication := program.Must(bench.archive.AddRecordedPublication(bench.channel, bench.stream))
	counters := bench.archive.Aeron().CounterReader()
	counterId := int32(-1)
	for counterId < 0 {
		bench.idle.Idle(0)
		counterId = archive.FindCounterIdBySession(counters, publication.SessionID())
	}
	recordingId := archive.GetRecordingId(counters, counterId)
	buffer := atomic.MakeBuffer(make([]byte, bench.length))
	start := time.Now()
	for i := 0; i < messages; i++ {
		buffer.PutInt32(0, int32(i))
		for publication.Offer(buffer, 0, bench.length, nil) < 0 {
			bench.idle.Idle(0)
		}
		bench.idle.Idle(1)
	}
	for counters.GetCounterValue(counterId) < publication.Position() {
		bench.idle.Idle(0)
	}
	seconds := time.Since(start).Seconds()
	publication.Close()
	for program.Must(bench.archive.GetStopPosition(recordingId)) < 0 {
		bench.idle.Idle(0)
	}
	return recordingId, seconds
}

// replay gives how many seconds it took.
func (bench *bench) replay(recordingId int64, messages int) float64 {
	start := time.Now()
	length := program.Must(bench.archive.GetStopPosition(recordingId))
	session := program.Must(bench.archive.StartReplay(recordingId, 0, length, bench.channel, bench.stream+1))
	channel := program.Must(archive.AddSessionIdToChannel(bench.channel, archive.ReplaySessionIdToSessionId(session)))
	subscription := program.Must(bench.archive.AddSubscription(channel, bench.stream+1))
	count := 0
	onMessage := func(buffer *atomic.Buffer, offset int32, _ int32, _ *logbuffer.Header) {
		if int(buffer.GetInt32(offset)) != count {
			program.Fail(fmt.Errorf("Cannot go on: message %d is missing", count))
		}
		count++
	}
	assembler := aeron.NewFragmentAssembler(onMessage, aeron.DefaultFragmentAssemblyBufferLength)
	for count < messages {
		bench.idle.Idle(subscription.Poll(assembler.OnFragment, fragmentLimit))
	}
	seconds := time.Since(start).Seconds()
	subscription.Close()
	return seconds
}

func main() {
	options := archive.DefaultOptions()
	options.RequestChannel = program.Text("control")
	options.ResponseChannel = program.Text("control")
	options.IdleStrategy = idlestrategy.Yielding{}
	context := aeron.NewContext().AeronDir(program.Text("dir"))
	client := program.Must(archive.NewArchive(options, context))
	defer client.Close()
	bench := &bench{client, program.Text("channel"), int32(program.Number("stream")), int32(program.Number("length")), program.Idle(program.Text("idle"))}
	warmup := program.Number("warmupMessages")
	recordingId, _ := bench.record(warmup)
	bench.replay(recordingId, warmup)
	messages := program.Number("messages")
	times := program.Number("times")
	recordSeconds, replaySeconds := 0.0, 0.0
	for i := 0; i < times; i++ {
		recordingId, seconds := bench.record(messages)
		recordSeconds += seconds
		replaySeconds += bench.replay(recordingId, messages)
	}
	bytes := float64(times) * float64(messages) * float64(bench.length)
	program.Sample{Values: map[string]float64{
		"recordBytesPerSecond": bytes / recordSeconds,
		"replayBytesPerSecond": bytes / replaySeconds,
	}}.Print()
}
