import io.aeron.shadow.org.HdrHistogram.Histogram;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;

/**
 * Prints what was measured, for the process that compares.
 */
final class SampleOutput
{
    private final StringBuilder values = new StringBuilder();
    private final StringBuilder histograms = new StringBuilder();

    SampleOutput value(final String name, final double value)
    {
        append(values, name, Double.toString(value));
        return this;
    }

    SampleOutput histogram(final String name, final Histogram histogram)
    {
        final ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        final int length = histogram.encodeIntoCompressedByteBuffer(buffer);
        final byte[] bytes = Arrays.copyOf(buffer.array(), length);
        append(histograms, name, '"' + Base64.getEncoder().encodeToString(bytes) + '"');
        return this;
    }

    void print()
    {
        System.out.println("{\"values\":{" + values + "},\"histograms\":{" + histograms + "}}");
    }

    private static void append(final StringBuilder builder, final String name, final String value)
    {
        builder.append(builder.length() == 0 ? "" : ",").append('"').append(name).append("\":").append(value);
    }
}
