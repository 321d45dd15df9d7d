import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.logbuffer.FragmentHandler;
import org.agrona.concurrent.IdleStrategy;

/**
 * Sends back what it gets, until the sender is gone or for some time. Parameters: dir, pingChannel, pongChannel, pingStream,
 * pongStream, durationMs, idle.
 */
public final class Pong
{
    private static final int FRAGMENT_LIMIT = 10;
    private static final int TURNS_PER_CLOCK_READ = 256;

    private long echoed;

    public static void main(final String[] args)
    {
        new Pong().run(new Params(args));
    }

    private void run(final Params params)
    {
        final IdleStrategy idle = Idle.strategy(params.text("idle"));

        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            Subscription subscription = aeron.addSubscription(
                params.text("pingChannel"), params.number("pingStream"));
            ExclusivePublication publication = aeron.addExclusivePublication(
                params.text("pongChannel"), params.number("pongStream")))
        {
            final FragmentHandler onPing = (buffer, offset, length, header) ->
            {
                while (publication.offer(buffer, offset, length) < 0)
                {
                    if (subscription.hasNoImages() || !publication.isConnected())
                    {
                        return;
                    }
                    Thread.onSpinWait();
                }
                echoed++;
            };
            final long endNs = System.nanoTime() + params.number("durationMs") * 1_000_000L;
            for (int turn = 0; ; turn++)
            {
                if (turn % TURNS_PER_CLOCK_READ == 0)
                {
                    final boolean isAlone =
                        echoed > 0 && subscription.images().stream().allMatch(Image::isEndOfStream);
                    if (isAlone || System.nanoTime() - endNs > 0)
                    {
                        break;
                    }
                }
                idle.idle(subscription.poll(onPing, FRAGMENT_LIMIT));
            }
            new SampleOutput().value("echoed", echoed).print();
        }
    }
}
