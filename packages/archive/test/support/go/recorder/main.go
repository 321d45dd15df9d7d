// Command recorder records, replays and merges on aeron-go's archive client:
// recorder record|replay|merge <aeron directory> <request channel> <response channel> <channel> <stream> <count> [<recording> [<live channel>]]
//
// record publishes messages that are recorded, prints "recorded <recording>", and goes on to publish one each 20 ms until its standard input
// ends. replay and merge compare what they get with what record publishes, byte by byte, and print "complete" when it is as many messages;
// merge prints "merged" before.
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/archive"
	"github.com/lirm/aeron-go/archive/replaymerge"
)

const (
	maxMessageLength = 5000
	patience         = 30 * time.Second
)

func main() {
	if len(os.Args) < 8 {
		log.Fatal("recorder record|replay|merge <aeron directory> <request channel> <response channel> <channel> <stream> <count> [<recording> [<live channel>]]")
	}
	options := archive.DefaultOptions()
	options.RequestChannel = os.Args[3]
	options.ResponseChannel = os.Args[4]
	client, err := archive.NewArchive(options, aeron.NewContext().AeronDir(os.Args[2]))
	check(err)
	defer client.Close()
	channel, stream, count := os.Args[5], int32(number(os.Args[6])), int(number(os.Args[7]))
	switch os.Args[1] {
	case "record":
		record(client, channel, stream, count)
	case "replay":
		replay(client, channel, stream, count, number(os.Args[8]))
	case "merge":
		merge(client, stream, count, number(os.Args[8]), os.Args[9])
	default:
		log.Fatalf("no command %s", os.Args[1])
	}
}

func record(client *archive.Archive, channel string, stream int32, count int) {
	publication, err := client.AddRecordedPublication(channel, stream)
	check(err)
	await("a connection", func() bool { return publication.IsConnected() })
	send := func(index int) {
		body := message(index)
		await("space for a message", func() bool {
			return publication.Offer(atomic.MakeBuffer(body), 0, int32(len(body)), nil) > 0
		})
	}
	for index := 0; index < count; index++ {
		send(index)
	}
	var recording int64
	await("the recording", func() bool {
		recording, err = client.FindLastMatchingRecording(0, publication.SessionID(), stream, "aeron")
		return err == nil && recording >= 0
	})
	await("the recorded position", func() bool {
		position, err := client.GetRecordingPosition(recording)
		check(err)
		return position >= publication.Position()
	})
	fmt.Printf("recorded %d\n", recording)
	inputEnded := make(chan bool)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(inputEnded)
	}()
	for index := count; ; index++ {
		select {
		case <-inputEnded:
			check(publication.Close())
			return
		case <-time.After(20 * time.Millisecond):
			send(index)
		}
	}
}

func replay(client *archive.Archive, channel string, stream int32, count int, recording int64) {
	end, err := client.GetStopPosition(recording)
	check(err)
	session, err := client.StartReplay(recording, 0, end, channel, stream)
	check(err)
	narrowed, err := archive.AddSessionIdToChannel(channel, archive.ReplaySessionIdToSessionId(session))
	check(err)
	subscription, err := client.AddSubscription(narrowed, stream)
	check(err)
	received := 0
	assembler := comparing(&received)
	await("the replay", func() bool {
		subscription.Poll(assembler.OnFragment, 10)
		return received == count
	})
	fmt.Printf("complete: %d messages\n", received)
}

func merge(client *archive.Archive, stream int32, count int, recording int64, live string) {
	descriptor, err := client.ListRecording(recording)
	check(err)
	session := strconv.Itoa(int(descriptor.SessionId))
	subscription, err := client.AddSubscription("aeron:udp?control-mode=manual|session-id="+session, stream)
	check(err)
	merging, err := replaymerge.NewReplayMerge(
		subscription, client, "aeron:udp?session-id="+session, "aeron:udp?endpoint=127.0.0.1:0", live, recording, 0, 10_000)
	check(err)
	received := 0
	assembler := comparing(&received)
	await("the merge", func() bool {
		_, err := merging.Poll(assembler.OnFragment, 10)
		check(err)
		return merging.IsMerged()
	})
	fmt.Printf("merged after %d messages\n", received)
	merging.Close()
	await("the live stream", func() bool {
		subscription.Poll(assembler.OnFragment, 10)
		return received >= count
	})
	fmt.Printf("complete: %d messages\n", received)
}

// comparing counts messages, each of which must be the one that was published.
func comparing(received *int) *aeron.FragmentAssembler {
	return aeron.NewFragmentAssembler(
		func(buffer *atomic.Buffer, offset int32, length int32, header *logbuffer.Header) {
			expected := message(*received)
			if int(length) != len(expected) {
				log.Fatalf("message %d has %d bytes, should have %d", *received, length, len(expected))
			}
			for i, b := range expected {
				if buffer.GetUInt8(offset+int32(i)) != b {
					log.Fatalf("message %d differs at byte %d", *received, i)
				}
			}
			*received++
		}, 8192)
}

// message has bytes that follow from its number, and so has its length.
func message(index int) []byte {
	body := make([]byte, 1+index*7919%maxMessageLength)
	for i := range body {
		body[i] = byte(i*31 + index*7)
	}
	return body
}

func await(what string, condition func() bool) {
	deadline := time.Now().Add(patience)
	for !condition() {
		if time.Now().After(deadline) {
			log.Fatalf("no %s for %s", what, patience)
		}
		time.Sleep(100 * time.Microsecond)
	}
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
