import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.ImageFragmentAssembler;
import io.aeron.Subscription;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.status.RecordingPos;
import org.agrona.BufferUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersReader;

/**
 * Records a stream and replays it, some times, each from the request to the last byte. A shorter one before that warms
 * up. Parameters: dir, control (channel of the archive), channel, stream, length, messages, warmupMessages, times, idle.
 */
public final class Archive
{
    private static final int FRAGMENT_LIMIT = 256;

    private final AeronArchive archive;
    private final String channel;
    private final int stream;
    private final int length;
    private final IdleStrategy idle;
    private long recordingId;
    private int count;

    private Archive(final AeronArchive archive, final Params params)
    {
        this.archive = archive;
        channel = params.text("channel");
        stream = params.number("stream");
        length = params.number("length");
        idle = Idle.strategy(params.text("idle"));
    }

    public static void main(final String[] args)
    {
        final Params params = new Params(args);
        final String control = params.text("control");
        try (Aeron aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(params.text("dir")));
            AeronArchive archive = AeronArchive.connect(new AeronArchive.Context()
                .aeron(aeron)
                .controlRequestChannel(control)
                .controlResponseChannel(control)))
        {
            final Archive program = new Archive(archive, params);
            program.record(params.number("warmupMessages"));
            program.replay(params.number("warmupMessages"));
            final int messages = params.number("messages");
            final int times = params.number("times");
            double recordSeconds = 0;
            double replaySeconds = 0;
            for (int i = 0; i < times; i++)
            {
                recordSeconds += program.record(messages);
                replaySeconds += program.replay(messages);
            }
            final double bytes = (double)times * messages * program.length;
            new SampleOutput()
                .value("recordBytesPerSecond", bytes / recordSeconds)
                .value("replayBytesPerSecond", bytes / replaySeconds)
                .print();
        }
    }

    /** Gives how many seconds it took. */
    private double record(final int messages)
    {
        final CountersReader counters = archive.context().aeron().countersReader();
        final UnsafeBuffer buffer = new UnsafeBuffer(BufferUtil.allocateDirectAligned(length, 64));
        final long start;
        final double seconds;
        try (ExclusivePublication publication = archive.addRecordedExclusivePublication(channel, stream))
        {
            int counterId = -1;
            while (counterId < 0)
            {
                idle.idle();
                counterId = RecordingPos.findCounterIdBySession(
                    counters, publication.sessionId(), archive.archiveId());
            }
            recordingId = RecordingPos.getRecordingId(counters, counterId);
            start = System.nanoTime();
            for (int i = 0; i < messages; i++)
            {
                buffer.putInt(0, i);
                while (publication.offer(buffer, 0, length) < 0)
                {
                    idle.idle();
                }
                idle.reset();
            }
            while (counters.getCounterValue(counterId) < publication.position())
            {
                idle.idle();
            }
            seconds = (System.nanoTime() - start) / 1e9;
        }
        while (archive.getStopPosition(recordingId) < 0)
        {
            idle.idle();
        }
        return seconds;
    }

    /** Gives how many seconds it took. */
    private double replay(final int messages)
    {
        final ImageFragmentAssembler assembler = new ImageFragmentAssembler((buffer, offset, length, header) ->
        {
            if (buffer.getInt(offset) != count)
            {
                throw new IllegalStateException("Cannot go on: message " + count + " is missing");
            }
            count++;
        });
        count = 0;
        final long start = System.nanoTime();
        try (Subscription subscription = archive.replay(
            recordingId, 0, AeronArchive.REPLAY_ALL_AND_STOP, channel, stream + 1))
        {
            while (subscription.hasNoImages())
            {
                idle.idle();
            }
            final Image image = subscription.imageAtIndex(0);
            while (count < messages)
            {
                idle.idle(image.poll(assembler, FRAGMENT_LIMIT));
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
