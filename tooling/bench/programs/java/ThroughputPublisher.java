import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends messages as fast as it can: of each length for some time after it was connected, on a stream of its own.
 * Parameters: dir, channel, stream (of the first length), mode (exclusive, claim, concurrent), lengths, durationsMs (comma
 * separated).
 */
public final class ThroughputPublisher
{
    private static final int BATCH = 1024;

    public static void main(final String[] args)
    {
        final Params params = new Params(args);
        final int[] lengths = params.numbers("lengths");
        final int[] durationsMs = params.numbers("durationsMs");
        final SampleOutput output = new SampleOutput();
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir"))))
        {
            for (int i = 0; i < lengths.length; i++)
            {
                final int stream = params.number("stream") + i;
                output.value("sent" + i, send(aeron, params, stream, lengths[i], durationsMs[i]));
            }
        }
        output.print();
    }

    private static int send(
        final Aeron aeron, final Params params, final int stream, final int length, final int durationMs)
    {
        final String mode = params.text("mode");
        final String channel = params.text("channel");
        final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
        final BufferClaim claim = new BufferClaim();
        try (Publication publication = "concurrent".equals(mode) ?
            aeron.addPublication(channel, stream) : aeron.addExclusivePublication(channel, stream))
        {
            while (!publication.isConnected())
            {
                Thread.onSpinWait();
            }
            final long end = System.nanoTime() + durationMs * 1_000_000L;
            int sent = 0;
            while (System.nanoTime() - end < 0)
            {
                sent = "claim".equals(mode) ?
                    claimBatch(publication, claim, length, sent) : offerBatch(publication, buffer, length, sent);
            }
            return sent;
        }
    }

    private static int offerBatch(
        final Publication publication, final UnsafeBuffer buffer, final int length, final int first)
    {
        int sequence = first;
        for (int i = 0; i < BATCH; i++)
        {
            buffer.putInt(0, sequence);
            if (publication.offer(buffer, 0, length) > 0)
            {
                sequence++;
            }
            else
            {
                Thread.onSpinWait();
            }
        }
        return sequence;
    }

    private static int claimBatch(
        final Publication publication, final BufferClaim claim, final int length, final int first)
    {
        int sequence = first;
        for (int i = 0; i < BATCH; i++)
        {
            if (publication.tryClaim(length, claim) > 0)
            {
                claim.buffer().putInt(claim.offset(), sequence);
                claim.commit();
                sequence++;
            }
            else
            {
                Thread.onSpinWait();
            }
        }
        return sequence;
    }
}
