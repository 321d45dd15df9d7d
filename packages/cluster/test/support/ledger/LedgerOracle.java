import io.aeron.cluster.RecordingLog;
import io.aeron.cluster.codecs.MessageHeaderDecoder;
import io.aeron.cluster.codecs.SessionMessageHeaderDecoder;
import io.aeron.cluster.codecs.TimerEventDecoder;
import io.aeron.logbuffer.FrameDescriptor;
import io.aeron.protocol.DataHeaderFlyweight;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Says what a ledger must be at a position, from the recording of the log on disk and nothing else: no snapshot, no service, no driver.
 * Arguments: archive folder, cluster folder, position.
 */
public final class LedgerOracle
{
    private static final int SESSION_HEADER_LENGTH = 32;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final SessionMessageHeaderDecoder session = new SessionMessageHeaderDecoder();
    private final TimerEventDecoder timer = new TimerEventDecoder();
    private int hash1 = 0x811c9dc5;
    private int hash2 = 0;
    private long entryCount = 0;
    private long timerCount = 0;

    public static void main(final String[] args) throws IOException
    {
        final Path archive = Path.of(args[0]);
        final long end = Long.parseLong(args[2]);
        final long recordingId;
        try (RecordingLog log = new RecordingLog(new File(args[1]), false))
        {
            recordingId = log.findLastTermRecordingId();
        }
        final LedgerOracle oracle = new LedgerOracle();
        oracle.read(archive, recordingId, end);
        System.out.printf(
            "oracle entries %d timers %d hash %08x%08x%n",
            oracle.entryCount, oracle.timerCount, oracle.hash1, oracle.hash2);
    }

    private void read(final Path archive, final long recordingId, final long end) throws IOException
    {
        final ByteArrayOutputStream message = new ByteArrayOutputStream();
        long position = 0;
        while (position < end)
        {
            final ByteBuffer segment = readSegment(archive.resolve(recordingId + "-" + position + ".rec"));
            final UnsafeBuffer buffer = new UnsafeBuffer(segment);
            int offset = 0;
            while (offset < segment.limit() && position < end)
            {
                final int frameLength = FrameDescriptor.frameLength(buffer, offset);
                if (frameLength <= 0)
                {
                    throw new IllegalStateException("no frame at " + position + ", short of " + end);
                }
                if (!FrameDescriptor.isPaddingFrame(buffer, offset))
                {
                    onFrame(segment, offset, frameLength, FrameDescriptor.frameFlags(buffer, offset), message);
                }
                final int alignedLength = BitUtil.align(frameLength, FrameDescriptor.FRAME_ALIGNMENT);
                offset += alignedLength;
                position += alignedLength;
            }
        }
        if (position != end)
        {
            throw new IllegalStateException("no message ends at " + end + ", one ends at " + position);
        }
    }

    private static ByteBuffer readSegment(final Path path) throws IOException
    {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ))
        {
            final ByteBuffer segment = ByteBuffer.allocate((int)channel.size());
            while (segment.hasRemaining() && channel.read(segment) > 0)
            {
                continue;
            }
            return segment.flip();
        }
    }

    private void onFrame(
        final ByteBuffer segment,
        final int offset,
        final int frameLength,
        final byte flags,
        final ByteArrayOutputStream message)
    {
        if (FrameDescriptor.BEGIN_FRAG_FLAG == (flags & FrameDescriptor.BEGIN_FRAG_FLAG))
        {
            message.reset();
        }
        final int headerLength = DataHeaderFlyweight.HEADER_LENGTH;
        message.write(segment.array(), offset + headerLength, frameLength - headerLength);
        if (FrameDescriptor.END_FRAG_FLAG == (flags & FrameDescriptor.END_FRAG_FLAG))
        {
            onMessage(new UnsafeBuffer(message.toByteArray()));
        }
    }

    private void onMessage(final UnsafeBuffer buffer)
    {
        header.wrap(buffer, 0);
        if (TimerEventDecoder.TEMPLATE_ID == header.templateId())
        {
            timer.wrapAndApplyHeader(buffer, 0, header);
            timerCount++;
            add(0, timer.correlationId(), timer.timestamp());
        }
        else if (SessionMessageHeaderDecoder.TEMPLATE_ID == header.templateId())
        {
            session.wrapAndApplyHeader(buffer, 0, header);
            onSessionMessage(buffer, session.clusterSessionId(), session.timestamp());
        }
    }

    private void onSessionMessage(final UnsafeBuffer buffer, final long sessionId, final long timestamp)
    {
        final int kind = buffer.getInt(SESSION_HEADER_LENGTH);
        if (2 == kind || 3 == kind)
        {
            return;
        }
        // Ids of services are negative.
        add(sessionId < 0 ? -1 : sessionId, buffer.getLong(SESSION_HEADER_LENGTH + 8), timestamp);
        hashInt(buffer.capacity() - SESSION_HEADER_LENGTH);
        for (int i = SESSION_HEADER_LENGTH; i < buffer.capacity(); i++)
        {
            hashInt(buffer.getByte(i) & 0xff);
        }
    }

    private void add(final long from, final long sequence, final long timestamp)
    {
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
}
