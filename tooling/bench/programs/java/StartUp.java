import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Connects, sends one message to itself, and says when it came. Parameters: dir, channel, stream.
 */
public final class StartUp
{
    public static void main(final String[] args)
    {
        final long started = System.currentTimeMillis();
        final Params params = new Params(args);
        final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(32, 64));
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            Subscription subscription = aeron.addSubscription(params.text("channel"), params.number("stream"));
            ExclusivePublication publication = aeron.addExclusivePublication(
                params.text("channel"), params.number("stream")))
        {
            while (publication.offer(buffer, 0, 32) < 0)
            {
                Thread.onSpinWait();
            }
            while (subscription.poll((message, offset, length, header) -> {}, 1) == 0)
            {
                Thread.onSpinWait();
            }
            new SampleOutput()
                .value("mainAtMs", started)
                .value("messageAtMs", System.currentTimeMillis())
                .print();
        }
    }
}
