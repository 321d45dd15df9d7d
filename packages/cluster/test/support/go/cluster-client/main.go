// A cluster client on aeron-go. It sends numbered messages of many lengths to an echo, one at a time, and checks each answer byte for byte.
// A message without an answer is sent again: a leader may have taken it with it.
// Arguments: driver directory, ingress endpoints, message count. It prints "connected", "new leader" and "echoed", each with numbers.
package main

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/lirm/aeron-go/aeron"
	"github.com/lirm/aeron-go/aeron/atomic"
	"github.com/lirm/aeron-go/aeron/logbuffer"
	"github.com/lirm/aeron-go/cluster/client"
)

const (
	minLength = 16
	maxLength = 4000
	patience  = 30 * time.Second
	resend    = 3 * time.Second
)

type listener struct {
	received int32
	failure  error
}

func (l *listener) OnConnect(cluster *client.AeronCluster) {
	fmt.Printf("connected session %d leader %d\n", cluster.ClusterSessionId(), cluster.LeaderMemberId())
}

func (l *listener) OnDisconnect(_ *client.AeronCluster, details string) {
	fmt.Printf("disconnected %s\n", details)
}

func (l *listener) OnNewLeader(_ *client.AeronCluster, leadershipTermId int64, leaderMemberId int32) {
	fmt.Printf("new leader %d term %d\n", leaderMemberId, leadershipTermId)
}

func (l *listener) OnError(_ *client.AeronCluster, details string) {
	fmt.Printf("error %s\n", details)
}

func (l *listener) OnMessage(
	_ *client.AeronCluster, timestamp int64, buffer *atomic.Buffer, offset int32, length int32, _ *logbuffer.Header,
) {
	if length >= minLength && buffer.GetInt32(offset+4) == l.received-1 {
		return
	}
	expected := lengthOf(l.received)
	if length != expected || buffer.GetInt32(offset+4) != l.received || timestamp <= 0 {
		l.failure = fmt.Errorf("answer %d: length %d, number %d, time %d", l.received, length, buffer.GetInt32(offset+4), timestamp)
		return
	}
	for i := int32(8); i < length; i++ {
		if buffer.GetUInt8(offset+i) != uint8(l.received+i) {
			l.failure = fmt.Errorf("answer %d differs at byte %d", l.received, i)
			return
		}
	}
	l.received++
}

func lengthOf(number int32) int32 {
	return minLength + (number*37)%(maxLength-minLength)
}

func fill(message *atomic.Buffer, number int32) int32 {
	length := lengthOf(number)
	// The first byte is the command of the echo.
	message.PutInt32(0, 0)
	message.PutInt32(4, number)
	for i := int32(8); i < length; i++ {
		message.PutUInt8(i, uint8(number+i))
	}
	return length
}

func run(aeronDirectory string, endpoints string, count int32) error {
	options := client.NewOptions()
	options.IngressChannel = "aeron:udp?term-length=64k"
	options.IngressEndpoints = endpoints
	options.EgressChannel = "aeron:udp?endpoint=127.0.0.1:0"
	told := &listener{}
	cluster, err := client.NewAeronCluster(aeron.NewContext().AeronDir(aeronDirectory), options, told)
	if err != nil {
		return err
	}
	defer cluster.Close()
	message := atomic.MakeBuffer(make([]byte, maxLength))
	sent := int32(0)
	lastSent := time.Now()
	progress := time.Now()
	lastKeepAlive := time.Now()
	for told.received < count {
		before := told.received
		options.IdleStrategy.Idle(cluster.Poll())
		if told.failure != nil {
			return told.failure
		}
		if told.received > before {
			progress = time.Now()
		}
		if time.Since(progress) > patience {
			return fmt.Errorf("no answer for %s: sent %d, received %d", patience, sent, told.received)
		}
		if time.Since(lastKeepAlive) > time.Second {
			lastKeepAlive = time.Now()
			cluster.SendKeepAlive()
		}
		isDue := sent == told.received || time.Since(lastSent) > resend
		if cluster.IsConnected() && isDue && told.received < count {
			if cluster.Offer(message, 0, fill(message, told.received)) >= 0 {
				sent = told.received + 1
				lastSent = time.Now()
			}
		}
	}
	fmt.Printf("echoed %d\n", told.received)
	return nil
}

func main() {
	count, err := strconv.Atoi(os.Args[3])
	if err == nil {
		err = run(os.Args[1], os.Args[2], int32(count))
	}
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}
