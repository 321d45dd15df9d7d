import io.aeron.Aeron;
import io.aeron.cluster.client.AeronCluster;
import io.aeron.cluster.client.EgressListener;
import io.aeron.logbuffer.Header;
import io.aeron.shadow.org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends messages to a cluster that sends them back: at fixed rates, each latency from the time at which the message was to be
 * sent; and as fast as a window of messages under way allows. Parameters: dir, ingressEndpoints, length, rates (comma
 * separated), window, warmupMs, measureMs, idle.
 */
public final class EchoClient implements EgressListener
{
    private static final long HIGHEST_NS = 60_000_000_000L;
    private static final long KEEP_ALIVE_NS = 1_000_000_000L;

    private final SampleOutput output = new SampleOutput();
    private final long measureNs;
    private final long warmupNs;
    private final int window;
    private final IdleStrategy idle;
    private final UnsafeBuffer buffer;
    private Histogram histogram;
    private long rate;
    private long measureFromNs;
    private long endNs;
    private long sent;
    private long received;
    private long measured;

    private EchoClient(final Params params)
    {
        measureNs = params.number("measureMs") * 1_000_000L;
        warmupNs = params.number("warmupMs") * 1_000_000L;
        window = params.number("window");
        idle = Idle.strategy(params.text("idle"));
        buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(params.number("length"), 64));
    }

    public static void main(final String[] args)
    {
        final Params params = new Params(args);
        final EchoClient client = new EchoClient(params);
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            AeronCluster cluster = AeronCluster.connect(new AeronCluster.Context()
                .aeron(aeron)
                .ingressChannel("aeron:udp?term-length=1m")
                .ingressEndpoints(params.text("ingressEndpoints"))
                .egressChannel("aeron:udp?endpoint=127.0.0.1:0|term-length=1m")
                .egressListener(client)))
        {
            boolean isFirst = true;
            for (final String rate : params.text("rates").split(","))
            {
                client.stage(cluster, Integer.parseInt(rate), isFirst);
                client.output.histogram("echo" + rate, client.histogram);
                isFirst = false;
            }
            client.stage(cluster, 0, false);
            client.output.value("messagesPerSecond", client.measured / (client.measureNs / 1e9));
        }
        client.output.print();
    }

    private void stage(final AeronCluster cluster, final int rate, final boolean isFirst)
    {
        this.rate = rate;
        histogram = new Histogram(HIGHEST_NS, 3);
        sent = 0;
        received = 0;
        measured = 0;
        final long startNs = System.nanoTime();
        endNs = startNs + (isFirst ? warmupNs : warmupNs / 4) + measureNs;
        measureFromNs = endNs - measureNs;
        long keepAliveNs = startNs;
        while (true)
        {
            final long now = System.nanoTime();
            int workCount = 0;
            final boolean isRoom = 0 != rate || sent - received < window;
            final long next = 0 == rate ? now : startNs + (long)(sent * 1e9 / rate);
            if (isRoom && now - next >= 0 && next - endNs < 0)
            {
                buffer.putLong(0, next);
                if (cluster.offer(buffer, 0, buffer.capacity()) > 0)
                {
                    sent++;
                }
                workCount = 1;
            }
            if (next - endNs >= 0 && received >= sent)
            {
                return;
            }
            if (now - keepAliveNs > KEEP_ALIVE_NS)
            {
                cluster.sendKeepAlive();
                keepAliveNs = now;
            }
            idle.idle(workCount + cluster.pollEgress());
        }
    }

    public void onMessage(
        final long clusterSessionId,
        final long timestamp,
        final DirectBuffer message,
        final int offset,
        final int length,
        final Header header)
    {
        final long now = System.nanoTime();
        final long sentNs = message.getLong(offset);
        received++;
        if (sentNs - measureFromNs >= 0 && 0 != rate)
        {
            histogram.recordValue(Math.max(1, now - sentNs));
        }
        if (now - measureFromNs >= 0 && now - endNs < 0)
        {
            measured++;
        }
    }
}
