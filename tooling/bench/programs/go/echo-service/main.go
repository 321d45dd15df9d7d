// A service whose answer is what it gets, until it is ended; says what of the heap is used when so many sessions are open.
// Parameters: dir, clusterDir, counts (of sessions, comma separated).
package main

import (
	"bench/internal/program"
	"runtime"
	"strconv"
	"strings"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/cluster"
	"github.com/lirm/aeron-go/cluster/codecs"
)

type echo struct {
	cluster     cluster.Cluster
	counts      []string
	sessions    int
	measurement int
}

func (service *echo) OnStart(cluster cluster.Cluster, _ aeron.Image) {
	service.cluster = cluster
}

func (service *echo) OnSessionMessage(session cluster.ClientSession, _ int64,
	buffer *atomic.Buffer, offset int32, length int32, _ *logbuffer.Header) {
	for {
		result := session.Offer(buffer, offset, length, nil)
		if result != aeron.BackPressured && result != aeron.AdminAction {
			return
		}
		service.cluster.IdleStrategy().Idle(0)
	}
}

func (service *echo) OnSessionOpen(cluster.ClientSession, int64) {
	service.sessions++
	for _, count := range service.counts {
		if count == strconv.Itoa(service.sessions) {
			service.measurement++
			runtime.GC()
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			program.Sample{Values: map[string]float64{
				"measurement": float64(service.measurement),
				"sessions":    float64(service.sessions),
				"heap":        float64(stats.HeapAlloc),
			}}.Print()
		}
	}
}

func (service *echo) OnSessionClose(cluster.ClientSession, int64, codecs.CloseReasonEnum) {
	service.sessions--
}

func (service *echo) OnTimerEvent(_, _ int64)           {}
func (service *echo) OnTakeSnapshot(*aeron.Publication) {}
func (service *echo) OnRoleChange(cluster.Role)         {}
func (service *echo) OnTerminate(cluster.Cluster)       {}
func (service *echo) OnNewLeadershipTermEvent(_, _, _, _ int64, _, _ int32, _ codecs.ClusterTimeUnitEnum, _ int32) {
}

func main() {
	program.Quiet()
	options := cluster.NewOptions()
	options.ClusterDir = program.Text("clusterDir")
	context := aeron.NewContext().AeronDir(program.Text("dir"))
	agent, err := cluster.NewClusteredServiceAgent(context, options, &echo{counts: strings.Split(program.Text("counts"), ",")})
	if err != nil {
		program.Fail(err)
	}
	if err := agent.StartAndRun(); err != nil {
		program.Fail(err)
	}
}
