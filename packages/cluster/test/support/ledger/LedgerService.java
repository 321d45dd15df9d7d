import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.ImageFragmentAssembler;
import io.aeron.Publication;
import io.aeron.cluster.codecs.CloseReason;
import io.aeron.cluster.service.ClientSession;
import io.aeron.cluster.service.Cluster;
import io.aeron.cluster.service.ClusteredService;
import io.aeron.logbuffer.Header;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.TreeSet;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** The twin of ledger-service.ts: the same state, hash, snapshot and report. */
public final class LedgerService implements ClusteredService
{
    private static final int CHUNK_LENGTH = 48_000;

    private Cluster cluster;
    private int hash1 = 0x811c9dc5;
    private int hash2 = 0;
    private byte[] entries = new byte[16 * 1024];
    private UnsafeBuffer entriesBuffer = new UnsafeBuffer(entries);
    private int entryCount = 0;
    private long timerCount = 0;
    private long ballastLength = 0;
    private final TreeSet<Long> pendingTimers = new TreeSet<>();
    private final UnsafeBuffer reply = new UnsafeBuffer(new byte[16]);
    private final UnsafeBuffer own = new UnsafeBuffer(new byte[24]);
    private final UnsafeBuffer record = new UnsafeBuffer(new byte[8 + CHUNK_LENGTH]);

    public void onStart(final Cluster cluster, final Image snapshotImage)
    {
        this.cluster = cluster;
        if (null != snapshotImage)
        {
            read(snapshotImage);
        }
    }

    public void onSessionOpen(final ClientSession session, final long timestamp)
    {
    }

    public void onSessionClose(final ClientSession session, final long timestamp, final CloseReason closeReason)
    {
    }

    public void onSessionMessage(
        final ClientSession session,
        final long timestamp,
        final DirectBuffer buffer,
        final int offset,
        final int length,
        final Header header)
    {
        final int kind = buffer.getInt(offset);
        final int flags = buffer.getInt(offset + 4);
        final long sequence = buffer.getLong(offset + 8);
        final long argument = buffer.getLong(offset + 16);
        if (2 == kind)
        {
            report(sequence);
            return;
        }
        if (3 == kind)
        {
            ballastLength = argument;
            return;
        }
        add(null == session ? -1 : session.id(), sequence, timestamp);
        hashInt(length);
        for (int i = 0; i < length; i++)
        {
            hashInt(buffer.getByte(offset + i) & 0xff);
        }
        if (null == session)
        {
            return;
        }
        if (0 != (flags & 1))
        {
            pendingTimers.add(sequence);
            while (!cluster.scheduleTimer(sequence, timestamp + argument))
            {
                cluster.idleStrategy().idle();
            }
        }
        if (0 != (flags & 2))
        {
            own.putInt(0, 4);
            own.putLong(8, sequence);
            while (cluster.offer(own, 0, 24) < 0)
            {
                cluster.idleStrategy().idle();
            }
        }
        reply.putLong(0, sequence);
        reply.putLong(8, entryCount);
        for (int attempt = 0; attempt < 50; attempt++)
        {
            final long result = session.offer(reply, 0, 16);
            if (result != Publication.BACK_PRESSURED && result != Publication.ADMIN_ACTION)
            {
                return;
            }
            cluster.idleStrategy().idle();
        }
    }

    public void onTimerEvent(final long correlationId, final long timestamp)
    {
        timerCount++;
        pendingTimers.remove(correlationId);
        add(0, correlationId, timestamp);
    }

    public void onTakeSnapshot(final ExclusivePublication publication)
    {
        record.putInt(8, hash1);
        record.putInt(12, hash2);
        record.putLong(16, entryCount);
        record.putLong(24, timerCount);
        record.putLong(32, ballastLength);
        record.putLong(40, pendingTimers.size());
        offer(publication, 1, 0, 40);
        for (int at = 0; at < entryCount * 16; at += CHUNK_LENGTH)
        {
            final int length = Math.min(CHUNK_LENGTH, entryCount * 16 - at);
            record.putBytes(8, entriesBuffer, at, length);
            offer(publication, 2, length / 16, length);
        }
        for (final long id : pendingTimers)
        {
            record.putLong(8, id);
            offer(publication, 3, 1, 8);
        }
        for (long at = 0; at < ballastLength; at += CHUNK_LENGTH)
        {
            final int length = (int)Math.min(CHUNK_LENGTH, ballastLength - at);
            record.setMemory(8, length, (byte)(at / CHUNK_LENGTH));
            offer(publication, 4, length, length);
        }
        offer(publication, 9, 0, 0);
    }

    public void onRoleChange(final Cluster.Role newRole)
    {
    }

    public void onTerminate(final Cluster cluster)
    {
    }

    private void offer(final ExclusivePublication publication, final int type, final int count, final int length)
    {
        record.putInt(0, type);
        record.putInt(4, count);
        for (;;)
        {
            final long result = publication.offer(record, 0, 8 + length);
            if (result > 0)
            {
                return;
            }
            if (result != Publication.BACK_PRESSURED && result != Publication.ADMIN_ACTION)
            {
                throw new IllegalStateException("cannot offer to the snapshot: " + result);
            }
            cluster.idleStrategy().idle();
        }
    }

    private void read(final Image image)
    {
        final int[] entriesLength = {0};
        final boolean[] ended = {false};
        final ImageFragmentAssembler assembler = new ImageFragmentAssembler(
            (buffer, offset, length, header) ->
            {
                final int data = offset + 8;
                switch (buffer.getInt(offset))
                {
                    case 1:
                        hash1 = buffer.getInt(data);
                        hash2 = buffer.getInt(data + 4);
                        entryCount = (int)buffer.getLong(data + 8);
                        timerCount = buffer.getLong(data + 16);
                        ballastLength = buffer.getLong(data + 24);
                        entries = new byte[Math.max(1024, entryCount) * 16];
                        entriesBuffer = new UnsafeBuffer(entries);
                        break;
                    case 2:
                        entriesBuffer.putBytes(entriesLength[0], buffer, data, length - 8);
                        entriesLength[0] += length - 8;
                        break;
                    case 3:
                        pendingTimers.add(buffer.getLong(data));
                        break;
                    case 4:
                        break;
                    case 9:
                        ended[0] = true;
                        break;
                    default:
                        throw new IllegalStateException("not a record of the ledger");
                }
            });
        while (!image.isEndOfStream() && !image.isClosed())
        {
            cluster.idleStrategy().idle(image.poll(assembler, 10));
        }
        if (!ended[0] || entriesLength[0] != entryCount * 16)
        {
            throw new IllegalStateException("the ledger is not whole");
        }
    }

    private void add(final long from, final long sequence, final long timestamp)
    {
        if (entryCount * 16 == entries.length)
        {
            entries = Arrays.copyOf(entries, entries.length * 2);
            entriesBuffer = new UnsafeBuffer(entries);
        }
        entriesBuffer.putLong(entryCount * 16, from);
        entriesBuffer.putLong(entryCount * 16 + 8, sequence);
        entryCount++;
        hashLong(from);
        hashLong(sequence);
        hashLong(timestamp);
    }

    private void hashLong(final long value)
    {
        hashInt((int)value);
        hashInt((int)(value >> 32));
    }

    private void hashInt(final int value)
    {
        hash1 = (hash1 ^ value) * 0x01000193;
        final int mixed = (hash2 + value) * 0x85ebca6b;
        hash2 = mixed ^ (mixed >>> 13);
    }

    private void report(final long id)
    {
        try
        {
            final Path folder = cluster.context().clusterDir().toPath();
            Files.write(folder.resolve("ledger-" + id + ".bin"), Arrays.copyOf(entries, entryCount * 16));
            final String line = String.format(
                "report %d entries %d timers %d pending %d hash %08x%08x position %d%n",
                id, entryCount, timerCount, pendingTimers.size(), hash1, hash2, cluster.logPosition());
            Files.writeString(
                folder.resolve("ledger.txt"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
