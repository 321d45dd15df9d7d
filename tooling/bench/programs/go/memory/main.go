// Heap that a publication and a subscription with one image take, after a collection. Logs are mapped and not counted.
// Parameters: dir, channel, stream (the first), count.
package main

import (
	"bench/internal/program"
	"runtime"
	"time"

	"github.com/lirm/aeron-go/aeron"
)

const warmUp = 20

func heapUsed() float64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}

func main() {
	client := program.Connect()
	defer client.Close()
	channel := program.Text("channel")
	first, count := program.Number("stream"), program.Number("count")
	kept := []any{}
	for i := 0; i < warmUp; i++ {
		stream := int32(first + count + i)
		kept = append(kept, program.Must(client.AddExclusivePublication(channel, stream)))
		kept = append(kept, program.Must(client.AddSubscription(channel, stream)))
	}
	before := heapUsed()
	for i := 0; i < count; i++ {
		kept = append(kept, program.Must(client.AddExclusivePublication(channel, int32(first+i))))
	}
	withPublications := heapUsed()
	var subscriptions []*aeron.Subscription
	for i := 0; i < count; i++ {
		subscriptions = append(subscriptions, program.Must(client.AddSubscription(channel, int32(first+i))))
	}
	for _, subscription := range subscriptions {
		for subscription.ImageCount() < 1 {
			time.Sleep(100 * time.Microsecond)
		}
	}
	withImages := heapUsed()
	program.Sample{Values: map[string]float64{
		"publicationBytes": (withPublications - before) / float64(count),
		"imageBytes":       (withImages - withPublications) / float64(count),
		"kept":             float64(len(kept) + len(subscriptions)),
	}}.Print()
}
