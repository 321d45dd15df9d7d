// A service whose state is a number of chunks: says how long writing it as a snapshot takes, and reading it back. Until it is ended.
// Parameters: dir, clusterDir, chunks, chunkLength.
package main

import (
	"bench/internal/program"
	"fmt"
	"time"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/cluster"
	"github.com/lirm/aeron-go/cluster/codecs"
)

const fragmentLimit = 256

type service struct {
	cluster cluster.Cluster
	chunks  int
	buffer  *atomic.Buffer
	count   int
}

func (service *service) onChunk(buffer *atomic.Buffer, offset int32, _ int32, _ *logbuffer.Header) {
	if int(buffer.GetInt32(offset)) != service.count {
		program.Fail(fmt.Errorf("Cannot load: a chunk is missing"))
	}
	service.count++
}

func (service *service) OnStart(cluster cluster.Cluster, image aeron.Image) {
	service.cluster = cluster
	if image == nil {
		return
	}
	start := time.Now()
	assembler := aeron.NewFragmentAssembler(service.onChunk, aeron.DefaultFragmentAssemblyBufferLength)
	for service.count < service.chunks {
		cluster.IdleStrategy().Idle(image.Poll(assembler.OnFragment, fragmentLimit))
	}
	program.Sample{Values: map[string]float64{"loadSeconds": time.Since(start).Seconds()}}.Print()
}

func (service *service) OnTakeSnapshot(publication *aeron.Publication) {
	start := time.Now()
	for i := 0; i < service.chunks; i++ {
		service.buffer.PutInt32(0, int32(i))
		for publication.Offer(service.buffer, 0, service.buffer.Capacity(), nil) < 0 {
			service.cluster.IdleStrategy().Idle(0)
		}
	}
	program.Sample{Values: map[string]float64{"writeSeconds": time.Since(start).Seconds()}}.Print()
}

func (service *service) OnSessionMessage(cluster.ClientSession, int64, *atomic.Buffer, int32, int32, *logbuffer.Header) {
}
func (service *service) OnSessionOpen(cluster.ClientSession, int64)                          {}
func (service *service) OnSessionClose(cluster.ClientSession, int64, codecs.CloseReasonEnum) {}
func (service *service) OnTimerEvent(_, _ int64)                                             {}
func (service *service) OnRoleChange(cluster.Role)                                           {}
func (service *service) OnTerminate(cluster.Cluster)                                         {}
func (service *service) OnNewLeadershipTermEvent(_, _, _, _ int64, _, _ int32, _ codecs.ClusterTimeUnitEnum, _ int32) {
}

func main() {
	program.Quiet()
	options := cluster.NewOptions()
	options.ClusterDir = program.Text("clusterDir")
	context := aeron.NewContext().AeronDir(program.Text("dir"))
	buffer := atomic.MakeBuffer(make([]byte, program.Number("chunkLength")))
	service := &service{chunks: program.Number("chunks"), buffer: buffer}
	agent := program.Must(cluster.NewClusteredServiceAgent(context, options, service))
	if err := agent.StartAndRun(); err != nil {
		program.Fail(err)
	}
}
