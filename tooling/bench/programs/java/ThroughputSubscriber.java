import io.aeron.Aeron;
import io.aeron.FragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;

/**
 * Counts the messages of one stream after another, each for some time after some time of warm-up, both from the first message
 * on. Parameters: dir, channel, stream (the first), publishers (images to wait for), assemble, warmUpsMs (comma separated),
 * measureMs.
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

        final int[] warmUpsMs = params.numbers("warmUpsMs");
        final SampleOutput output = new SampleOutput();
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir"))))
        {
            for (int i = 0; i < warmUpsMs.length; i++)
            {
                final int stream = params.number("stream") + i;
                output.value("messagesPerSecond" + i, measure(aeron, params, handler, stream, warmUpsMs[i]));
            }
        }
        output.value("checksum", checksum).print();
    }

    private double measure(
        final Aeron aeron, final Params params, final FragmentHandler handler, final int stream, final int warmUpMs)
    {
        try (Subscription subscription = aeron.addSubscription(params.text("channel"), stream))
        {
            while (subscription.imageCount() < params.number("publishers"))
            {
                Thread.onSpinWait();
            }
            while (subscription.poll(handler, 1) <= 0)
            {
                Thread.onSpinWait();
            }
            pollFor(subscription, handler, warmUpMs);
            final long before = messages;
            final long start = System.nanoTime();
            pollFor(subscription, handler, params.number("measureMs"));
            return (messages - before) / ((System.nanoTime() - start) / 1e9);
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
