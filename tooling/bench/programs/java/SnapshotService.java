import io.aeron.ExclusivePublication;
import io.aeron.FragmentAssembler;
import io.aeron.Image;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.cluster.service.ClusteredServiceContainer;
import io.aeron.logbuffer.Header;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ShutdownSignalBarrier;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A service whose state is a number of chunks: says how long writing it as a snapshot takes, and reading it back. Until it is
 * ended. Parameters: dir, clusterDir, chunks, chunkLength.
 */
public final class SnapshotService implements ClusteredService
{
    private static final int FRAGMENT_LIMIT = 256;

    private final int chunks;
    private final UnsafeBuffer buffer;
    private Cluster cluster;
    private int count;

    private SnapshotService(final Params params)
    {
        chunks = params.number("chunks");
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(params.number("chunkLength"), 64));
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
                    .clusteredService(new SnapshotService(params))))
        {
            barrier.await();
        }
    }

    public void onStart(final Cluster cluster, final Image snapshotImage)
    {
        this.cluster = cluster;
        if (null == snapshotImage)
        {
            return;
        }
        final long start = System.nanoTime();
        final FragmentAssembler assembler = new FragmentAssembler((message, offset, length, header) ->
        {
            if (message.getInt(offset) != count++)
            {
                throw new IllegalStateException("Cannot load: a chunk is missing");
            }
        });
        while (count < chunks)
        {
            cluster.idleStrategy().idle(snapshotImage.poll(assembler, FRAGMENT_LIMIT));
        }
        new SampleOutput().value("loadSeconds", (System.nanoTime() - start) / 1e9).print();
    }

    public void onTakeSnapshot(final ExclusivePublication snapshotPublication)
    {
        final long start = System.nanoTime();
        for (int i = 0; i < chunks; i++)
        {
            buffer.putInt(0, i);
            while (snapshotPublication.offer(buffer, 0, buffer.capacity()) < 0)
            {
                cluster.idleStrategy().idle();
            }
        }
        new SampleOutput().value("writeSeconds", (System.nanoTime() - start) / 1e9).print();
    }

    public void onSessionMessage(
        final ClientSession session,
        final long timestamp,
        final DirectBuffer message,
        final int offset,
        final int length,
        final Header header)
    {
    }

    public void onSessionOpen(final ClientSession session, final long timestamp)
    {
    }

    public void onSessionClose(final ClientSession session, final long timestamp, final CloseReason closeReason)
    {
    }

    public void onTimerEvent(final long correlationId, final long timestamp)
    {
    }

    public void onRoleChange(final Cluster.Role newRole)
    {
    }

    public void onTerminate(final Cluster cluster)
    {
    }
}
