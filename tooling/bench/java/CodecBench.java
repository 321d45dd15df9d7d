import bench.FlagsEncoder;
import bench.MessageHeaderDecoder;
import bench.MessageHeaderEncoder;
import bench.OrderDecoder;
import bench.OrderEncoder;
import bench.Side;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.function.IntToLongFunction;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The reference's codecs in Java, measured as program.ts measures the others, on the same messages. Arguments: messages in a
 * batch, batches, milliseconds of warm-up, and `bytes` where text is bytes and no strings. Prints "ready" once it is warm, and JSON for
 * each line that it reads. Processor time of this thread; that of the collector comes on top.
 */
public final class CodecBench
{
    private static final int ORDER_COUNT = 64;
    private static final int MASK = ORDER_COUNT - 1;
    private static final int STRIDE = 1024;

    private static final class Leg
    {
        long instrumentId;
        long legPrice;
        int legQuantity;
        Side legSide;
    }

    private static final class Party
    {
        short role;
        String partyName;
        byte[] partyNameBytes;
    }

    private static final class Order
    {
        long orderId;
        long accountId;
        long price;
        long quantity;
        long timestampNs;
        int venue;
        int flags;
        Side side;
        double ratio;
        Leg[] legs;
        Party[] parties;
        String clientReference;
        String note;
        byte[] clientReferenceBytes;
        byte[] noteBytes;
        byte[] signature;
    }

    private final Order[] orders = new Order[ORDER_COUNT];
    private final UnsafeBuffer messages = new UnsafeBuffer(new byte[ORDER_COUNT * STRIDE]);
    private final OrderEncoder encoder = new OrderEncoder();
    private final OrderDecoder decoder = new OrderDecoder();
    private final MessageHeaderEncoder headerEncoder = new MessageHeaderEncoder();
    private final MessageHeaderDecoder headerDecoder = new MessageHeaderDecoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
    private final byte[] signature = new byte[64];
    private final byte[] text = new byte[64];
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    // The texts come to lie here, so that each is really made.
    private String partyName;
    private String clientReference;
    private String note;
    private long sink;

    private CodecBench()
    {
        for (int i = 0; i < ORDER_COUNT; i++)
        {
            orders[i] = makeOrder(i);
            messages.putBytes(i * STRIDE, buffer, 0, (int)encode(i));
        }
    }

    private static Order makeOrder(final int i)
    {
        final Order order = new Order();
        order.orderId = 7_000_000_000_000L + i;
        order.accountId = 5_000_000_000L + i;
        order.price = 1_234_500 + i;
        order.quantity = 100 + i;
        order.timestampNs = 1_700_000_000_000_000L + i;
        order.venue = 17;
        order.flags = 1 + (i & 1);
        order.side = i % 2 == 0 ? Side.BUY : Side.SELL;
        order.ratio = 0.25 + i;
        order.legs = new Leg[4];
        for (int leg = 0; leg < 4; leg++)
        {
            order.legs[leg] = new Leg();
            order.legs[leg].instrumentId = 900_000_000_000L + i + leg;
            order.legs[leg].legPrice = 1_000_000 + i * 10 + leg;
            order.legs[leg].legQuantity = 10 + leg;
            order.legs[leg].legSide = leg % 2 == 0 ? Side.BUY : Side.SELL;
        }
        order.parties = new Party[]{ new Party(), new Party() };
        order.parties[0].role = 1;
        order.parties[0].partyName = "TRADER-" + i % 10;
        order.parties[1].role = 2;
        order.parties[1].partyName = "DESK-LONDON-" + i % 10;
        order.clientReference = String.format("REF-%08d-ABCD", i);
        order.note = "Please fill before the auction closes";
        for (final Party party : order.parties)
        {
            party.partyNameBytes = party.partyName.getBytes(StandardCharsets.US_ASCII);
        }
        order.clientReferenceBytes = order.clientReference.getBytes(StandardCharsets.US_ASCII);
        order.noteBytes = order.note.getBytes(StandardCharsets.UTF_8);
        order.signature = new byte[64];
        for (int j = 0; j < 64; j++)
        {
            order.signature[j] = (byte)(i + j);
        }
        return order;
    }

    private void encodeNumbers(final Order order, final int index)
    {
        encoder.wrapAndApplyHeader(buffer, 0, headerEncoder)
            .orderId(order.orderId)
            .accountId(order.accountId)
            .price(order.price)
            .quantity(order.quantity)
            .timestampNs(order.timestampNs)
            .sequence(index)
            .venue(order.venue);
        final FlagsEncoder flags = encoder.flags().clear();
        flags.postOnly((order.flags & 1) != 0).reduceOnly((order.flags & 2) != 0);
        encoder.side(order.side).ratio(order.ratio);
        final OrderEncoder.LegsEncoder legs = encoder.legsCount(order.legs.length);
        for (final Leg leg : order.legs)
        {
            legs.next()
                .instrumentId(leg.instrumentId)
                .legPrice(leg.legPrice)
                .legQuantity(leg.legQuantity)
                .legSide(leg.legSide);
        }
    }

    private long encode(final int index)
    {
        final Order order = orders[index & MASK];
        encodeNumbers(order, index);
        final OrderEncoder.PartiesEncoder parties = encoder.partiesCount(order.parties.length);
        for (final Party party : order.parties)
        {
            parties.next().role(party.role).partyName(party.partyName);
        }
        encoder.clientReference(order.clientReference).note(order.note)
            .putSignature(order.signature, 0, order.signature.length);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private long encodeBytes(final int index)
    {
        final Order order = orders[index & MASK];
        encodeNumbers(order, index);
        final OrderEncoder.PartiesEncoder parties = encoder.partiesCount(order.parties.length);
        for (final Party party : order.parties)
        {
            parties.next().role(party.role).putPartyName(party.partyNameBytes, 0, party.partyNameBytes.length);
        }
        encoder.putClientReference(order.clientReferenceBytes, 0, order.clientReferenceBytes.length)
            .putNote(order.noteBytes, 0, order.noteBytes.length)
            .putSignature(order.signature, 0, order.signature.length);
        return MessageHeaderEncoder.ENCODED_LENGTH + encoder.encodedLength();
    }

    private long decodeNumbers(final OrderDecoder order)
    {
        long sum = order.orderId() + order.accountId() + order.price() + order.quantity() + order.timestampNs();
        sum += order.sequence() + order.venue() + order.flags().getRaw() + order.side().value();
        sum += (long)order.ratio();
        for (final OrderDecoder.LegsDecoder leg : order.legs())
        {
            sum += leg.instrumentId() + leg.legPrice() + leg.legQuantity() + leg.legSide().value();
        }
        return sum;
    }

    private long decode(final int index)
    {
        final OrderDecoder order = decoder.wrapAndApplyHeader(messages, (index & MASK) * STRIDE, headerDecoder);
        long sum = decodeNumbers(order);
        for (final OrderDecoder.PartiesDecoder party : order.parties())
        {
            partyName = party.partyName();
            sum += party.role() + lastOf(partyName);
        }
        clientReference = order.clientReference();
        note = order.note();
        sum += lastOf(clientReference) + lastOf(note);
        sum += order.getSignature(signature, 0, signature.length);
        return sum + (signature[63] & 0xff);
    }

    private static char lastOf(final String text)
    {
        return text.charAt(text.length() - 1);
    }

    private long decodeBytes(final int index)
    {
        final OrderDecoder order = decoder.wrapAndApplyHeader(messages, (index & MASK) * STRIDE, headerDecoder);
        long sum = decodeNumbers(order);
        for (final OrderDecoder.PartiesDecoder party : order.parties())
        {
            sum += party.role() + party.getPartyName(text, 0, text.length);
        }
        sum += order.getClientReference(text, 0, text.length) + order.getNote(text, 0, text.length) + text[0];
        sum += order.getSignature(signature, 0, signature.length);
        return sum + (signature[63] & 0xff);
    }

    private double batch(final IntToLongFunction work, final int count)
    {
        final long start = threads.getCurrentThreadCpuTime();
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += work.applyAsLong(i);
        }
        sink += sum;
        return (double)(threads.getCurrentThreadCpuTime() - start) / count;
    }

    private void warmUp(final IntToLongFunction work, final int count, final long warmUpMs)
    {
        final long end = System.nanoTime() + warmUpMs * 1_000_000;
        while (System.nanoTime() < end)
        {
            batch(work, count);
        }
    }

    private double measure(final IntToLongFunction work, final int count, final int batches)
    {
        double least = Double.MAX_VALUE;
        for (int i = 0; i < batches; i++)
        {
            least = Math.min(least, batch(work, count));
        }
        return least;
    }

    public static void main(final String[] args) throws IOException
    {
        final int count = Integer.parseInt(args[0]);
        final int batches = Integer.parseInt(args[1]);
        final long warmUpMs = Long.parseLong(args[2]);
        final CodecBench bench = new CodecBench();
        final long bytes = bench.encode(0);
        final boolean isBytes = args.length > 3 && args[3].equals("bytes");
        final IntToLongFunction encode = isBytes ? bench::encodeBytes : bench::encode;
        final IntToLongFunction decode = isBytes ? bench::decodeBytes : bench::decode;
        bench.warmUp(encode, count, warmUpMs);
        bench.warmUp(decode, count, warmUpMs);
        System.out.println("ready");
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null)
        {
            final double encodeNs = bench.measure(encode, count, batches);
            final double decodeNs = bench.measure(decode, count, batches);
            System.out.println("{\"bytes\":" + bytes + ",\"encodeNs\":" + encodeNs + ",\"decodeNs\":" + decodeNs +
                ",\"sink\":" + bench.sink + "}");
        }
    }
}
