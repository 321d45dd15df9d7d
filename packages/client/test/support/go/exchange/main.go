// Command exchange is one end of an exchange of messages, on aeron-go: exchange echo|check <aeron directory> <in channel> <in stream>
// <out channel> <out stream> [<count>]
//
// echo sends back each message, of any number of fragments, until its standard input ends. check sends messages of many lengths, by offers
// and by claims, and compares what comes back byte by byte; it prints "complete" and how much that was.
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
	"github.com/lirm/aeron-go/aeron/logbuffer/term"
)

const (
	// Fits a claim at the usual MTU, so that it goes out in one frame.
	maxClaimLength = 1376
	// An eighth of the smallest term.
	maxMessageLength = 8192
	patience         = 20 * time.Second
)

func main() {
	if len(os.Args) < 7 {
		log.Fatal("exchange echo|check <aeron directory> <in channel> <in stream> <out channel> <out stream> [<count>]")
	}
	errorHandler := func(err error) { log.Fatal(err) }
	client, err := aeron.Connect(aeron.NewContext().AeronDir(os.Args[2]).ErrorHandler(errorHandler))
	if err != nil {
		log.Fatal(err)
	}
	defer client.Close()
	subscription, err := client.AddSubscription(os.Args[3], number(os.Args[4]))
	if err != nil {
		log.Fatal(err)
	}
	publication, err := client.AddPublication(os.Args[5], number(os.Args[6]))
	if err != nil {
		log.Fatal(err)
	}
	await("a connection", func() bool { return publication.IsConnected() && subscription.IsConnected() })
	fmt.Println("connected")
	if os.Args[1] == "echo" {
		echo(subscription, publication)
	} else {
		check(subscription, publication, int(number(os.Args[7])))
	}
}

func echo(subscription *aeron.Subscription, publication *aeron.Publication) {
	inputEnded := make(chan bool)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(inputEnded)
	}()
	assembler := aeron.NewFragmentAssembler(
		func(buffer *atomic.Buffer, offset int32, length int32, header *logbuffer.Header) {
			reserved := header.GetReservedValue()
			// An empty buffer has no first byte that could be taken.
			if length == 0 {
				buffer, offset = atomic.MakeBuffer(make([]byte, 8)), 0
			}
			supplier := func(*atomic.Buffer, int32, int32) int64 { return reserved }
			await("space for an answer", func() bool { return publication.Offer(buffer, offset, length, supplier) > 0 })
		}, 4096)
	for {
		select {
		case <-inputEnded:
			return
		default:
			if subscription.Poll(assembler.OnFragment, 10) == 0 {
				time.Sleep(100 * time.Microsecond)
			}
		}
	}
}

func check(subscription *aeron.Subscription, publication *aeron.Publication, count int) {
	received, bytes := 0, 0
	assembler := aeron.NewFragmentAssembler(
		func(buffer *atomic.Buffer, offset int32, length int32, header *logbuffer.Header) {
			expected := message(received)
			if int(length) != len(expected) {
				log.Fatalf("message %d has %d bytes, should have %d", received, length, len(expected))
			}
			if header.GetReservedValue() != reservedValue(received) {
				log.Fatalf("message %d has the reserved value %d", received, header.GetReservedValue())
			}
			for i, b := range expected {
				if buffer.GetUInt8(offset+int32(i)) != b {
					log.Fatalf("message %d differs at byte %d", received, i)
				}
			}
			received++
			bytes += len(expected)
		}, 4096)
	poll := func() { subscription.Poll(assembler.OnFragment, 10) }
	start := time.Now()
	for sent := 0; sent < count; sent++ {
		await("space for a message", func() bool {
			poll()
			return send(publication, sent)
		})
	}
	await("all answers", func() bool {
		poll()
		return received == count
	})
	fmt.Printf("complete: %d messages, %d bytes in %d ms\n", received, bytes, time.Since(start).Milliseconds())
}

// send writes a message in place, or offers it, and tells whether it was taken.
func send(publication *aeron.Publication, sequence int) bool {
	body := message(sequence)
	length := int32(len(body))
	if sequence%3 == 0 && length > 0 && length <= maxClaimLength {
		var claim logbuffer.Claim
		if publication.TryClaim(length, &claim) < 0 {
			return false
		}
		claim.Buffer().PutBytesArray(claim.Offset(), &body, 0, length)
		claim.SetReservedValue(reservedValue(sequence))
		claim.Commit()
		return true
	}
	supplier := term.ReservedValueSupplier(func(*atomic.Buffer, int32, int32) int64 { return reservedValue(sequence) })
	// An empty message needs a buffer all the same.
	source := atomic.MakeBuffer(append(body, 0))
	return publication.Offer(source, 0, length, supplier) > 0
}

// message has bytes that follow from its number, and so has its length, from none to the longest.
func message(sequence int) []byte {
	length := sequence * 7919 % (maxMessageLength + 1)
	if sequence%4 != 0 {
		length %= maxClaimLength + 1
	}
	body := make([]byte, length)
	for i := range body {
		body[i] = byte(sequence + i*7)
	}
	return body
}

func reservedValue(sequence int) int64 {
	return int64(sequence) * 0x1_0000_0001
}

func await(what string, condition func() bool) {
	deadline := time.Now().Add(patience)
	for !condition() {
		if time.Now().After(deadline) {
			log.Fatalf("no %s for %s", what, patience)
		}
		time.Sleep(20 * time.Microsecond)
	}
}

func number(text string) int32 {
	value, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		log.Fatal(err)
	}
	return int32(value)
}
