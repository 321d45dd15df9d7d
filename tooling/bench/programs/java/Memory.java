import io.aeron.Aeron;
import io.aeron.Subscription;
import java.util.ArrayList;
import java.util.List;

/**
 * Heap that a publication and a subscription with one image take, after a collection. Logs are mapped and not counted.
 * Parameters: dir, channel, stream (the first), count.
 */
public final class Memory
{
    private static final int WARM_UP = 20;
    private static final int COLLECTIONS = 5;

    public static void main(final String[] args)
    {
        final Params params = new Params(args);
        final String channel = params.text("channel");
        final int first = params.number("stream");
        final int count = params.number("count");
        final List<Object> kept = new ArrayList<>(2 * (count + WARM_UP));
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir"))))
        {
            for (int i = 0; i < WARM_UP; i++)
            {
                kept.add(aeron.addExclusivePublication(channel, first + count + i));
                kept.add(aeron.addSubscription(channel, first + count + i));
            }
            heapUsed();
            final long before = heapUsed();
            for (int i = 0; i < count; i++)
            {
                kept.add(aeron.addExclusivePublication(channel, first + i));
            }
            final long withPublications = heapUsed();
            final List<Subscription> subscriptions = new ArrayList<>();
            for (int i = 0; i < count; i++)
            {
                subscriptions.add(aeron.addSubscription(channel, first + i));
            }
            while (!subscriptions.stream().allMatch((subscription) -> subscription.imageCount() == 1))
            {
                Thread.yield();
            }
            final long withImages = heapUsed();
            new SampleOutput()
                .value("publicationBytes", (withPublications - before) / (double)count)
                .value("imageBytes", (withImages - withPublications) / (double)count)
                .value("kept", kept.size() + subscriptions.size())
                .print();
        }
    }

    static long heapUsed()
    {
        final Runtime runtime = Runtime.getRuntime();
        long used = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++)
        {
            System.gc();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }
}
