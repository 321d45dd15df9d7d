import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.logbuffer.Header;
import java.util.Set;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ShutdownSignalBarrier;

/**
 * A service container whose service sends back what it gets, until it is ended; says what of the heap is used when so many
 * sessions are open. Parameters: dir, clusterDir, counts (of sessions, comma separated).
 */
public final class EchoService implements ClusteredService
{
    private final Set<String> counts;
    private Cluster cluster;
    private int sessions;
    private int measurement;

    private EchoService(final Params params)
    {
        counts = Set.of(params.text("counts").split(","));
    }

    public static void main(final String[] args)
    {
        final Params params = new Params(args);
        // A signal ends the process when the barrier is closed: without that it waits for seconds.
        try (ShutdownSignalBarrier barrier = new ShutdownSignalBarrier();
            ClusteredServiceContainer container = ClusteredServiceContainer.launch(
                new ClusteredServiceContainer.Context()
                    .aeronDirectoryName(params.text("dir"))
                    .clusterDirectoryName(params.text("clusterDir"))
                    .terminationHook(barrier::signalAll)
                    .clusteredService(new EchoService(params))))
        {
            barrier.await();
        }
    }

    public void onStart(final Cluster cluster, final Image snapshotImage)
    {
        this.cluster = cluster;
    }

    public void onSessionMessage(
        final ClientSession session,
        final long timestamp,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final Header header)
    {
        while (session.offer(buffer, offset, length) < 0)
        {
            if (session.isClosing())
            {
                return;
            }
            cluster.idleStrategy().idle();
        }
    }

    public void onSessionOpen(final ClientSession session, final long timestamp)
    {
        sessions++;
        if (counts.contains(Integer.toString(sessions)))
        {
            new SampleOutput()
                .value("measurement", ++measurement)
                .value("sessions", sessions)
                .value("heap", Memory.heapUsed())
                .print();
        }
    }

    public void onSessionClose(final ClientSession session, final long timestamp, final CloseReason closeReason)
    {
        sessions--;
    }

    public void onTimerEvent(final long correlationId, final long timestamp)
    {
    }

    public void onTakeSnapshot(final ExclusivePublication snapshotPublication)
    {
    }

    public void onRoleChange(final Cluster.Role newRole)
    {
    }

    public void onTerminate(final Cluster cluster)
    {
    }
}
