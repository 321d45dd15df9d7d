// A service whose answer is what it gets, until it is ended. Parameters: dir, clusterDir.
package main

import (
	"bench/internal/program"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/cluster"
	"github.com/lirm/aeron-go/cluster/codecs"
)

type echo struct {
	cluster cluster.Cluster
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

func (service *echo) OnSessionOpen(cluster.ClientSession, int64)                          {}
func (service *echo) OnSessionClose(cluster.ClientSession, int64, codecs.CloseReasonEnum) {}
func (service *echo) OnTimerEvent(_, _ int64)                                             {}
func (service *echo) OnTakeSnapshot(*aeron.Publication)                                   {}
func (service *echo) OnRoleChange(cluster.Role)                                           {}
func (service *echo) OnTerminate(cluster.Cluster)                                         {}
func (service *echo) OnNewLeadershipTermEvent(_, _, _, _ int64, _, _ int32, _ codecs.ClusterTimeUnitEnum, _ int32) {
}

func main() {
	program.Quiet()
	options := cluster.NewOptions()
	options.ClusterDir = program.Text("clusterDir")
	context := aeron.NewContext().AeronDir(program.Text("dir"))
	agent, err := cluster.NewClusteredServiceAgent(context, options, &echo{})
	if err != nil {
		program.Fail(err)
	}
	if err := agent.StartAndRun(); err != nil {
		program.Fail(err)
	}
}
