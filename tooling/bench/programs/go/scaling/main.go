// What a message costs as there are more streams, or more images of one stream: each round sends one message on each publication and
// polls until all have come. Parameters: dir, channel, stream (the first), kind (streams, images), counts (comma separated, growing), messages.
package main

import (
	"bench/internal/program"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
)

const fragmentLimit = 256
const batch = 100

type bench struct {
	client        *aeron.Aeron
	publications  []*aeron.Publication
	subscriptions []*aeron.Subscription
	buffer        *atomic.Buffer
	messages      int
}

func (bench *bench) onFragment(*atomic.Buffer, int32, int32, *logbuffer.Header) {
	bench.messages++
}

func (bench *bench) images() int {
	sum := 0
	for _, subscription := range bench.subscriptions {
		sum += subscription.ImageCount()
	}
	return sum
}

func (bench *bench) isConnected() bool {
	for _, publication := range bench.publications {
		if !publication.IsConnected() {
			return false
		}
	}
	return true
}

func await[T any](id int64, get func(int64) (*T, error)) *T {
	for {
		if found := program.Must(get(id)); found != nil {
			return found
		}
		time.Sleep(100 * time.Microsecond)
	}
}

func (bench *bench) grow(count int) {
	areStreams := program.Text("kind") == "streams"
	channel := program.Text("channel")
	for len(bench.publications) < count {
		var subscriptionIds, publicationIds []int64
		first := len(bench.publications)
		for i := first; i < first+batch && i < count; i++ {
			stream := int32(program.Number("stream"))
			if areStreams {
				stream += int32(i)
			}
			if areStreams || i == 0 {
				subscriptionIds = append(subscriptionIds, program.Must(bench.client.AsyncAddSubscription(channel, stream)))
			}
			publicationIds = append(publicationIds, program.Must(bench.client.AsyncAddExclusivePublication(channel, stream)))
		}
		for _, id := range subscriptionIds {
			bench.subscriptions = append(bench.subscriptions, await(id, bench.client.GetSubscription))
		}
		for _, id := range publicationIds {
			bench.publications = append(bench.publications, await(id, bench.client.GetExclusivePublication))
		}
	}
	for bench.images() < count || !bench.isConnected() {
		runtime.Gosched()
	}
}

func (bench *bench) round() {
	for _, publication := range bench.publications {
		for publication.Offer(bench.buffer, 0, 32, nil) < 0 {
		}
	}
	target := bench.messages + len(bench.publications)
	for bench.messages < target {
		for _, subscription := range bench.subscriptions {
			subscription.Poll(bench.onFragment, fragmentLimit)
		}
	}
}

func (bench *bench) measure(messages int) float64 {
	rounds := (messages + len(bench.publications) - 1) / len(bench.publications)
	start := time.Now()
	for i := 0; i < rounds; i++ {
		bench.round()
	}
	return float64(time.Since(start)) / float64(rounds*len(bench.publications))
}

func main() {
	bench := &bench{client: program.Connect(), buffer: atomic.MakeBuffer(make([]byte, 32))}
	// Not closed: that takes minutes for a thousand publications. The driver sees the end of the process.
	messages := program.Number("messages")
	values := map[string]float64{}
	for _, text := range strings.Split(program.Text("counts"), ",") {
		count, err := strconv.Atoi(text)
		if err != nil {
			program.Fail(err)
		}
		bench.grow(count)
		bench.measure(messages)
		values["ns"+text] = bench.measure(messages)
	}
	program.Sample{Values: values}.Print()
}
