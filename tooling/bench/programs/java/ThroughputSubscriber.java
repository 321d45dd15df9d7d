import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;

/**
 * Counts the messages of a stream for some time, after some time of warm-up, both from the first message on.
 * Parameters: dir, channel, stream, publishers (images to wait for), assemble, warmupMs, measureMs.
 */
public final class ThroughputSubscriber
{
    private static final int FRAGMENT_LIMIT = 256;
    private static final int BATCH = 256;

    private long messages;
    private int checksum;

    public static void main(final String[] args)
    {
        final Params params = new Params(args);
        new ThroughputSubscriber().run(params);
    }

    private void run(final Params params)
    {
        final FragmentHandler receiver = (buffer, offset, length, header) ->
        {
            messages++;
            checksum ^= buffer.getInt(offset);
        };
        final FragmentHandler handler =
            "true".equals(params.text("assemble")) ? new FragmentAssembler(receiver) : receiver;

        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            Subscription subscription = aeron.addSubscription(params.text("channel"), params.number("stream")))
        {
            while (subscription.imageCount() < params.number("publishers"))
            {
                Thread.onSpinWait();
            }
            while (subscription.poll(handler, 1) <= 0)
            {
                Thread.onSpinWait();
            }
            pollFor(subscription, handler, params.number("warmupMs"));
            final long before = messages;
            final long start = System.nanoTime();
            pollFor(subscription, handler, params.number("measureMs"));
            final double seconds = (System.nanoTime() - start) / 1e9;
            new SampleOutput()
                .value("messagesPerSecond", (messages - before) / seconds)
                .value("received", messages - before)
                .value("checksum", checksum)
                .print();
        }
    }

    private static void pollFor(
        final Subscription subscription, final FragmentHandler handler, final int durationMs)
    {
        final long end = System.nanoTime() + durationMs * 1_000_000L;
        while (System.nanoTime() - end < 0)
        {
            for (int i = 0; i < BATCH; i++)
            {
                if (subscription.poll(handler, FRAGMENT_LIMIT) == 0)
                {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
