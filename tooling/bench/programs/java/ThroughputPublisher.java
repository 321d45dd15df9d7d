import io.aeron.Aeron;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Sends messages of one length as fast as it can, for some time after it was connected.
 * Parameters: dir, channel, stream, mode (exclusive, claim, concurrent), length, durationMs.
 */
public final class ThroughputPublisher
{
    private static final int BATCH = 1024;

    public static void main(final String[] args)
    {
        final Params params = new Params(args);
        final int length = params.number("length");
        final String mode = params.text("mode");
        final String channel = params.text("channel");
        final int stream = params.number("stream");
        final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
        final BufferClaim claim = new BufferClaim();

        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            Publication publication = "concurrent".equals(mode) ?
                aeron.addPublication(channel, stream) : aeron.addExclusivePublication(channel, stream))
        {
            while (!publication.isConnected())
            {
                Thread.onSpinWait();
            }
            final long end = System.nanoTime() + params.number("durationMs") * 1_000_000L;
            int sent = 0;
            while (System.nanoTime() - end < 0)
            {
                sent = "claim".equals(mode) ?
                    claimBatch(publication, claim, length, sent) : offerBatch(publication, buffer, length, sent);
            }
            new SampleOutput().value("sent", sent).print();
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
