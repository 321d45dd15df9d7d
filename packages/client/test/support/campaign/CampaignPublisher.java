import io.aeron.Aeron;
import io.aeron.ConcurrentPublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Publishes what publish.ts does, with Aeron's own client: aeron directory, channel, stream id, publisher, count, "finish" or "die-claimed". */
public final class CampaignPublisher
{
    private static final int HEADER_LENGTH = 12;
    private static final int NEVER_COMMITTED = -1;

    private static int mix(final int publisher, final int sequence)
    {
        return ((publisher * 31 + sequence + 1) * 0x9E3779B1) >>> 8;
    }

    private static int length(final int publisher, final int sequence, final int maxMessageLength)
    {
        final int mixed = mix(publisher, sequence);
        final int range = mixed % 32 < 3 ? maxMessageLength - HEADER_LENGTH + 1 : 1024;
        return HEADER_LENGTH + (mixed >>> 5) % range;
    }

    private static void fill(
        final MutableDirectBuffer buffer, final int offset, final int length, final int publisher, final int sequence)
    {
        final int mixed = mix(publisher, sequence);
        buffer.putInt(offset, publisher, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(offset + 4, sequence, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(offset + 8, length, ByteOrder.LITTLE_ENDIAN);
        for (int i = HEADER_LENGTH; i < length; i++)
        {
            buffer.putByte(offset + i, (byte)(mixed + i * 7));
        }
    }

    private static boolean isTaken(final long result)
    {
        if (result > 0)
        {
            return true;
        }
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED)
        {
            throw new IllegalStateException("Publication gave " + Publication.errorString(result));
        }
        LockSupport.parkNanos(1_000);
        return false;
    }

    public static void main(final String[] args)
    {
        final int publisher = Integer.parseInt(args[3]);
        final int count = Integer.parseInt(args[4]);
        final boolean finishes = args[5].equals("finish");
        final int last = finishes ? count : count / 2;
        final BufferClaim claim = new BufferClaim();
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(args[0]));
            ConcurrentPublication publication = aeron.addPublication(args[1], Integer.parseInt(args[2])))
        {
            final UnsafeBuffer source = new UnsafeBuffer(new byte[publication.maxMessageLength()]);
            for (int sequence = 0; sequence < last; sequence++)
            {
                final int length = length(publisher, sequence, publication.maxMessageLength());
                final int way = mix(sequence, publisher) % 8;
                if (way < 2)
                {
                    final int claimLength = length % (publication.maxPayloadLength() + 1);
                    while (!isTaken(publication.tryClaim(claimLength, claim)))
                    {
                    }
                    if (claimLength >= HEADER_LENGTH)
                    {
                        claim.buffer().putInt(claim.offset(), NEVER_COMMITTED, ByteOrder.LITTLE_ENDIAN);
                    }
                    claim.abort();
                }
                if (way % 2 == 0 && length <= publication.maxPayloadLength())
                {
                    while (!isTaken(publication.tryClaim(length, claim)))
                    {
                    }
                    fill(claim.buffer(), claim.offset(), length, publisher, sequence);
                    claim.commit();
                }
                else
                {
                    fill(source, 0, length, publisher, sequence);
                    while (!isTaken(publication.offer(source, 0, length)))
                    {
                    }
                }
            }
            System.out.println("committed " + last);
            if (!finishes)
            {
                while (!isTaken(publication.tryClaim(500, claim)))
                {
                }
                claim.buffer().putInt(claim.offset(), NEVER_COMMITTED, ByteOrder.LITTLE_ENDIAN);
                Runtime.getRuntime().halt(137);
            }
        }
    }
}
