import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import io.aeron.shadow.org.HdrHistogram.Histogram;
import org.agrona.BufferUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends messages at a fixed rate and takes the time until each comes back, from the time at which it was to be sent: a
 * message that had to wait for one before it counts with its wait. Parameters: dir, pingChannel, pongChannel, pingStream,
 * pongStream, length, rate (messages a second), warmupMs, measureMs, idle.
 */
public final class Ping
{
    private static final int FRAGMENT_LIMIT = 10;
    /** At most, for the last messages to come back: one that a stall holds up at the end counts too. */
    private static final long DRAIN_NS = 1_000_000_000;
    private static final long HIGHEST_NS = 60_000_000_000L;

    private final Histogram histogram = new Histogram(HIGHEST_NS, 3);
    private long measureNs;
    private long sent;
    private long received;

    public static void main(final String[] args)
    {
        new Ping().run(new Params(args));
    }

    private void run(final Params params)
    {
        final int length = params.number("length");
        final double intervalNs = 1e9 / params.number("rate");
        final IdleStrategy idle = Idle.strategy(params.text("idle"));
        final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
        final FragmentHandler onPong = (message, offset, messageLength, header) ->
        {
            final long intended = message.getLong(offset);
            received++;
            if (intended - measureNs >= 0)
            {
                histogram.recordValue(Math.max(1, System.nanoTime() - intended));
            }
        };

        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            Subscription subscription = aeron.addSubscription(
                params.text("pongChannel"), params.number("pongStream"));
            ExclusivePublication publication = aeron.addExclusivePublication(
                params.text("pingChannel"), params.number("pingStream")))
        {
            while (!publication.isConnected() || !subscription.isConnected())
            {
                idle.idle(0);
            }
            final long startNs = System.nanoTime();
            measureNs = startNs + params.number("warmupMs") * 1_000_000L;
            final long endNs = measureNs + params.number("measureMs") * 1_000_000L;
            while (true)
            {
                final long now = System.nanoTime();
                final long intended = startNs + (long)(sent * intervalNs);
                int workCount = 0;
                if (now - intended >= 0 && intended - endNs < 0)
                {
                    buffer.putLong(0, intended);
                    if (publication.offer(buffer, 0, length) > 0)
                    {
                        sent++;
                    }
                    workCount = 1;
                }
                final boolean isAnswered = intended - endNs >= 0 && received == sent;
                if (isAnswered || now - endNs > DRAIN_NS)
                {
                    break;
                }
                idle.idle(workCount + subscription.poll(onPong, FRAGMENT_LIMIT));
            }
            new SampleOutput()
                .value("sent", sent)
                .value("received", received)
                .histogram("roundTrip", histogram)
                .print();
        }
    }
}
