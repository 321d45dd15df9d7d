import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What a message costs as there are more streams, or more images of one stream: each round sends one message on each
 * publication and polls until all have come. Parameters: dir, channel, stream (the first), kind (streams, images), counts
 * (comma separated, growing), messages.
 */
public final class Scaling
{
    private static final int FRAGMENT_LIMIT = 256;
    private static final int BATCH = 100;

    private final List<ExclusivePublication> publications = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(32, 64));
    private final FragmentHandler handler = (message, offset, length, header) -> this.messages++;
    private long messages;

    public static void main(final String[] args)
    {
        new Scaling().run(new Params(args));
    }

    private void run(final Params params)
    {
        final SampleOutput output = new SampleOutput();
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir"))))
        {
            for (final String count : params.text("counts").split(","))
            {
                grow(aeron, params, Integer.parseInt(count));
                measure(params.number("messages"));
                output.value("ns" + count, measure(params.number("messages")));
            }
        }
        output.print();
    }

    private void grow(final Aeron aeron, final Params params, final int count)
    {
        final boolean areStreams = "streams".equals(params.text("kind"));
        final String channel = params.text("channel");
        while (publications.size() < count)
        {
            final int first = publications.size();
            final int last = Math.min(first + BATCH, count);
            final List<Long> subscriptionIds = new ArrayList<>();
            final List<Long> publicationIds = new ArrayList<>();
            for (int i = first; i < last; i++)
            {
                final int stream = params.number("stream") + (areStreams ? i : 0);
                if (areStreams || i == 0)
                {
                    subscriptionIds.add(aeron.asyncAddSubscription(channel, stream));
                }
                publicationIds.add(aeron.asyncAddExclusivePublication(channel, stream));
            }
            subscriptionIds.forEach((id) -> subscriptions.add(get(() -> aeron.getSubscription(id))));
            publicationIds.forEach((id) -> publications.add(get(() -> aeron.getExclusivePublication(id))));
        }
        while (subscriptions.stream().mapToInt(Subscription::imageCount).sum() < count)
        {
            Thread.yield();
        }
        while (!publications.stream().allMatch(ExclusivePublication::isConnected))
        {
            Thread.yield();
        }
    }

    private static <T> T get(final Supplier<T> probe)
    {
        T found = probe.get();
        while (found == null)
        {
            Thread.yield();
            found = probe.get();
        }
        return found;
    }

    private void round()
    {
        for (final ExclusivePublication publication : publications)
        {
            while (publication.offer(buffer, 0, 32) < 0)
            {
                Thread.onSpinWait();
            }
        }
        final long target = messages + publications.size();
        while (messages < target)
        {
            for (final Subscription subscription : subscriptions)
            {
                subscription.poll(handler, FRAGMENT_LIMIT);
            }
        }
    }

    private double measure(final int count)
    {
        final int rounds = (count + publications.size() - 1) / publications.size();
        final long start = System.nanoTime();
        for (int i = 0; i < rounds; i++)
        {
            round();
        }
        return (System.nanoTime() - start) / ((double)rounds * publications.size());
    }
}
