// Sends messages to a cluster that sends them back: at fixed rates, each latency from the time at which the message was to be sent; and
// as fast as a window of messages under way allows. Parameters: dir, ingressEndpoints, length, rates (comma separated), window,
// warmupMs, measureMs, idle.
package main

import (
	"bench/internal/program"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/idlestrategy"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/cluster/client"
)

type bench struct {
	cluster                          *client.AeronCluster
	idle                             idlestrategy.Idler
	buffer                           *atomic.Buffer
	start                            time.Time
	histogram                        *hdrhistogram.Histogram
	rate                             int
	warmup, measure                  int64
	measureFrom, end                 int64
	window, sent, received, measured int64
}

func (bench *bench) OnConnect(*client.AeronCluster)                 {}
func (bench *bench) OnNewLeader(*client.AeronCluster, int64, int32) {}
func (bench *bench) OnDisconnect(_ *client.AeronCluster, text string) {
	program.Fail(fmt.Errorf("disconnected: %s", text))
}
func (bench *bench) OnError(_ *client.AeronCluster, text string) {
	program.Fail(fmt.Errorf("error: %s", text))
}

func (bench *bench) OnMessage(_ *client.AeronCluster, _ int64, message *atomic.Buffer, offset int32, _ int32, _ *logbuffer.Header) {
	now := int64(time.Since(bench.start))
	sent := message.GetInt64(offset)
	bench.received++
	if sent >= bench.measureFrom && bench.rate != 0 {
		bench.histogram.RecordValue(now - sent)
	}
	if now >= bench.measureFrom && now < bench.end {
		bench.measured++
	}
}

func (bench *bench) stage(rate int, isFirst bool) {
	bench.rate = rate
	bench.histogram = hdrhistogram.New(1, int64(time.Minute), 3)
	bench.sent, bench.received, bench.measured = 0, 0, 0
	start := int64(time.Since(bench.start))
	warmup := bench.warmup
	if !isFirst {
		warmup /= 4
	}
	bench.end = start + warmup + bench.measure
	bench.measureFrom = bench.end - bench.measure
	keepAlive := start
	for {
		now := int64(time.Since(bench.start))
		workCount := 0
		isRoom := rate != 0 || bench.sent-bench.received < bench.window
		next := now
		if rate != 0 {
			next = start + int64(float64(bench.sent)*float64(time.Second)/float64(rate))
		}
		if isRoom && now >= next && next < bench.end {
			bench.buffer.PutInt64(0, next)
			if bench.cluster.Offer(bench.buffer, 0, bench.buffer.Capacity()) > 0 {
				bench.sent++
			}
			workCount = 1
		}
		if next >= bench.end && bench.received >= bench.sent {
			return
		}
		if now-keepAlive > int64(time.Second) {
			bench.cluster.SendKeepAlive()
			keepAlive = now
		}
		bench.idle.Idle(workCount + bench.cluster.Poll())
	}
}

func main() {
	program.Quiet()
	endpoints := program.Text("ingressEndpoints")
	_, first, _ := strings.Cut(strings.Split(endpoints, ",")[0], "=")
	options := client.NewOptions()
	options.IngressChannel = "aeron:udp?term-length=1m|endpoint=" + first
	options.IngressEndpoints = endpoints
	options.EgressChannel = "aeron:udp?endpoint=127.0.0.1:0|term-length=1m"
	bench := &bench{
		idle:    program.Idle(program.Text("idle")),
		buffer:  atomic.MakeBuffer(make([]byte, program.Number("length"))),
		start:   time.Now(),
		warmup:  int64(program.Number("warmupMs")) * int64(time.Millisecond),
		measure: int64(program.Number("measureMs")) * int64(time.Millisecond),
		window:  int64(program.Number("window")),
	}
	cluster, err := client.NewAeronCluster(aeron.NewContext().AeronDir(program.Text("dir")), options, bench)
	if err != nil {
		program.Fail(err)
	}
	bench.cluster = cluster
	for !cluster.IsConnected() {
		bench.idle.Idle(cluster.Poll())
	}
	sample := program.Sample{Values: map[string]float64{}, Histograms: map[string]string{}}
	for index, text := range strings.Split(program.Text("rates"), ",") {
		rate, err := strconv.Atoi(text)
		if err != nil {
			program.Fail(err)
		}
		bench.stage(rate, index == 0)
		sample.Histograms["echo"+text] = program.Encode(bench.histogram)
	}
	bench.stage(0, false)
	sample.Values["messagesPerSecond"] = float64(bench.measured) / (float64(bench.measure) / float64(time.Second))
	cluster.Close()
	sample.Print()
}
