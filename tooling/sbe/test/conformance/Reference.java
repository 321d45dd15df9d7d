import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.agrona.concurrent.UnsafeBuffer;
import org.xml.sax.InputSource;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.SbeTool;
import uk.co.real_logic.sbe.generation.java.JavaUtil;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;
import uk.co.real_logic.sbe.xml.IrGenerator;
import uk.co.real_logic.sbe.xml.MessageSchema;
import uk.co.real_logic.sbe.xml.ParserOptions;
import uk.co.real_logic.sbe.xml.XmlSchemaParser;

/**
 * The reference's side of the conformance tests. Generates Java codecs for all schemas of a request file with the reference
 * tool, compiles and loads them, and encodes and decodes with them what the requests say. What a message consists of is read
 * from the reference's own intermediate form, so that nothing here leans on ours.
 *
 * Arguments: the request file, the response file, a folder for the generated code. The format of both files and of the values
 * is that of reference.ts and value-stream.ts.
 */
public final class Reference
{
    private static final int ENCODE = 1;
    private static final int DECODE = 2;
    private static final int BYTES = 4;
    private static final int CAPACITY = 1 << 20;

    private final Map<Integer, MessagePlan>[] plans;
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);

    @SuppressWarnings("unchecked")
    private Reference(final DataInputStream in, final Path folder) throws Exception
    {
        final int count = in.readInt();
        final List<Ir> irs = new ArrayList<>();
        for (int i = 0; i < count; i++)
        {
            final String path = in.readUTF();
            irs.add(generate(Path.of(path), "set" + i, folder));
        }
        compile(folder);
        plans = new Map[count];
        // Never closed: classes are loaded as they are needed.
        final URLClassLoader loader = new URLClassLoader(new URL[]{ folder.toUri().toURL() });
        for (int i = 0; i < count; i++)
        {
            plans[i] = new HashMap<>();
            for (final List<Token> tokens : irs.get(i).messages())
            {
                plans[i].put(tokens.get(0).id(), new MessagePlan(loader, "set" + i, tokens));
            }
        }
    }

    public static void main(final String[] args) throws Exception
    {
        System.setProperty(SbeTool.KEYWORD_APPEND_TOKEN, "_");
        System.setProperty(SbeTool.DECODE_UNKNOWN_ENUM_VALUES, "true");
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(Path.of(args[0]))));
            DataOutputStream out = new DataOutputStream(
                new BufferedOutputStream(Files.newOutputStream(Path.of(args[1])))))
        {
            final Reference reference = new Reference(in, Path.of(args[2]));
            reference.describe(out);
            final int count = in.readInt();
            for (int i = 0; i < count; i++)
            {
                reference.answer(in, out);
            }
        }
    }

    private static Ir generate(final Path path, final String namespace, final Path folder)
        throws Exception
    {
        final ParserOptions options = ParserOptions.builder()
            .stopOnError(true).suppressOutput(true).xIncludeAware(true).build();
        try (InputStream stream = Files.newInputStream(path))
        {
            final InputSource source = new InputSource(stream);
            source.setSystemId(path.toUri().toString());
            final MessageSchema schema = XmlSchemaParser.parse(source, options);
            final Ir ir = new IrGenerator().generate(schema, namespace);
            SbeTool.generate(ir, folder.toString(), "Java");
            return ir;
        }
        catch (final Exception ex)
        {
            throw new IllegalStateException("Cannot generate from " + path, ex);
        }
    }

    private static void compile(final Path folder) throws IOException
    {
        final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> paths = Files.walk(folder);
            StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null))
        {
            final List<File> files = paths.filter((path) -> path.toString().endsWith(".java"))
                .map(Path::toFile).collect(Collectors.toList());
            final List<String> options = Arrays.asList(
                "-nowarn", "-proc:none", "-g:none", "-implicit:none", "-cp", System.getProperty("java.class.path"));
            if (!compiler.getTask(null, manager, null, options, null, manager.getJavaFileObjectsFromFiles(files)).call())
            {
                throw new IllegalStateException("Cannot compile the generated codecs");
            }
        }
    }

    private void describe(final DataOutputStream out) throws IOException
    {
        for (final Map<Integer, MessagePlan> messages : plans)
        {
            out.writeInt(messages.size());
            for (final Map.Entry<Integer, MessagePlan> message : messages.entrySet())
            {
                out.writeInt(message.getKey());
                out.writeInt(message.getValue().blockLength);
                final List<Long> limits = new ArrayList<>();
                message.getValue().parts.forEach((part) -> part.addLimits(limits));
                out.writeInt(limits.size());
                for (final long limit : limits)
                {
                    out.writeLong(limit);
                }
            }
        }
    }

    private void answer(final DataInputStream in, final DataOutputStream out) throws IOException
    {
        final MessagePlan plan = plans[in.readInt()].get(in.readInt());
        final int flags = in.readByte();
        final byte fill = in.readByte();
        final int offset = in.readInt();
        final boolean asBytes = (flags & BYTES) != 0;
        final byte[] values = (flags & ENCODE) != 0 ? in.readNBytes(in.readInt()) : null;
        final byte[] message = (flags & DECODE) != 0 ? in.readNBytes(in.readInt()) : null;
        try
        {
            final byte[] encoded = values == null ? null : encode(plan, values, offset, fill, asBytes);
            final byte[] decoded = message == null ? null : decode(plan, message, offset, asBytes);
            final byte[] again = decoded == null || values == null ? null : encode(plan, decoded, offset, fill, asBytes);
            out.writeByte(0);
            for (final byte[] part : new byte[][]{ encoded, decoded, again })
            {
                out.writeInt(part == null ? -1 : part.length);
                if (part != null)
                {
                    out.write(part);
                }
            }
        }
        catch (final Exception ex)
        {
            final Throwable cause = ex.getCause() != null ? ex.getCause() : ex;
            out.writeByte(1);
            out.writeUTF(cause.toString());
        }
    }

    private byte[] encode(
        final MessagePlan plan, final byte[] values, final int offset, final byte fill, final boolean asBytes)
        throws IOException
    {
        buffer.setMemory(0, Math.min(CAPACITY, offset + 4096 + values.length * 2), fill);
        final DataInputStream in = new DataInputStream(new ByteArrayInputStream(values));
        final int length = plan.encode(buffer, offset, in, asBytes);
        if (in.available() > 0)
        {
            throw new IllegalStateException("values left over: " + in.available() + " bytes");
        }
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        return bytes;
    }

    private byte[] decode(final MessagePlan plan, final byte[] message, final int offset, final boolean asBytes)
        throws IOException
    {
        buffer.putBytes(offset, message);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        plan.decode(buffer, offset, new DataOutputStream(bytes), asBytes);
        return bytes.toByteArray();
    }

    /** Calls a method by reflection; what it throws is thrown on as the cause. */
    static Object call(final Method method, final Object target, final Object... args)
    {
        try
        {
            return method.invoke(target, args);
        }
        catch (final InvocationTargetException ex)
        {
            throw new IllegalStateException(ex.getCause());
        }
        catch (final IllegalAccessException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    static Method find(final Class<?> type, final String name, final Predicate<Class<?>[]> fits)
    {
        final Method found = findOrNull(type, name, fits);
        if (found == null)
        {
            throw new IllegalStateException("no method " + name + " in " + type);
        }
        return found;
    }

    static Method findOrNull(final Class<?> type, final String name, final Predicate<Class<?>[]> fits)
    {
        for (final Method method : type.getMethods())
        {
            if (method.getName().equals(name) && !method.isBridge() && !method.isSynthetic() &&
                !java.lang.reflect.Modifier.isStatic(method.getModifiers()) && fits.test(method.getParameterTypes()))
            {
                method.setAccessible(true);
                return method;
            }
        }
        return null;
    }

    static Method getter(final Class<?> type, final String name)
    {
        return find(type, name, (types) -> types.length == 0);
    }

    static Object staticValue(final Class<?> type, final String name)
    {
        try
        {
            return type.getMethod(name).invoke(null);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new IllegalStateException(ex);
        }
    }

    static Method textSetter(final Class<?> type, final String name)
    {
        return find(type, name, (types) -> Arrays.equals(types, new Class<?>[]{ String.class }));
    }

    static Method withArguments(final Class<?> type, final String name, final int count)
    {
        return find(type, name, (types) -> types.length == count);
    }

    /** A wire value as 64 bits: floats by their bits, integers extended by their sign, a char, which Java has as a byte, without. */
    static long toBits(final Object value, final PrimitiveType type)
    {
        if (type == PrimitiveType.CHAR)
        {
            return ((Number)value).longValue() & 0xff;
        }
        if (value instanceof Float)
        {
            return Float.floatToRawIntBits((Float)value);
        }
        return value instanceof Double ? Double.doubleToRawLongBits((Double)value) : ((Number)value).longValue();
    }

    static Object fromBits(final long bits, final Class<?> type)
    {
        if (type == byte.class)
        {
            return (byte)bits;
        }
        if (type == short.class)
        {
            return (short)bits;
        }
        if (type == int.class)
        {
            return (int)bits;
        }
        if (type == float.class)
        {
            return Float.intBitsToFloat((int)bits);
        }
        return type == double.class ? (Object)Double.longBitsToDouble(bits) : (Object)bits;
    }

    static void writeBytes(final DataOutputStream out, final byte[] bytes) throws IOException
    {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    static String readText(final DataInputStream in) throws IOException
    {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    static void writeText(final DataOutputStream out, final Object text) throws IOException
    {
        writeBytes(out, text.toString().getBytes(StandardCharsets.UTF_8));
    }

    static String property(final Token token)
    {
        return JavaUtil.formatPropertyName(token.name());
    }

    /** One member of a message, group entry or composite: how to write and how to read it. */
    interface Part
    {
        void encode(Object encoder, DataInputStream in, boolean asBytes) throws IOException;

        void decode(Object decoder, DataOutputStream out, boolean asBytes) throws IOException;

        /** Adds the null, least and greatest value of every number in it. */
        default void addLimits(final List<Long> limits)
        {
        }
    }

    /** A message: its flyweights, and its parts in the order of the schema. */
    static final class MessagePlan
    {
        private final Object encoder;
        private final Object decoder;
        private final Object headerEncoder;
        private final Object headerDecoder;
        private final Method startEncoding;
        private final Method startDecoding;
        private final Method encodedLength;
        private final int headerLength;
        private final int blockLength;
        private final List<Part> parts;

        MessagePlan(final ClassLoader loader, final String namespace, final List<Token> tokens) throws Exception
        {
            final String name = namespace + "." + JavaUtil.formatClassName(tokens.get(0).name());
            encoder = create(loader.loadClass(name + "Encoder"));
            decoder = create(loader.loadClass(name + "Decoder"));
            startEncoding = withArguments(encoder.getClass(), "wrapAndApplyHeader", 3);
            startDecoding = withArguments(decoder.getClass(), "wrapAndApplyHeader", 3);
            headerEncoder = create(startEncoding.getParameterTypes()[2]);
            headerDecoder = create(startDecoding.getParameterTypes()[2]);
            headerLength = headerEncoder.getClass().getField("ENCODED_LENGTH").getInt(null);
            blockLength = encoder.getClass().getField("BLOCK_LENGTH").getInt(null);
            encodedLength = getter(encoder.getClass(), "encodedLength");
            parts = Plans.body(tokens.subList(1, tokens.size() - 1), encoder.getClass(), decoder.getClass());
        }

        private static Object create(final Class<?> type) throws Exception
        {
            return type.getDeclaredConstructor().newInstance();
        }

        int encode(final UnsafeBuffer buffer, final int offset, final DataInputStream in, final boolean asBytes)
            throws IOException
        {
            call(startEncoding, encoder, buffer, offset, headerEncoder);
            for (final Part part : parts)
            {
                part.encode(encoder, in, asBytes);
            }
            return headerLength + (Integer)call(encodedLength, encoder);
        }

        void decode(final UnsafeBuffer buffer, final int offset, final DataOutputStream out, final boolean asBytes)
            throws IOException
        {
            call(startDecoding, decoder, buffer, offset, headerDecoder);
            for (final Part part : parts)
            {
                part.decode(decoder, out, asBytes);
            }
        }
    }

    /** Makes the parts from tokens of the reference's intermediate form. */
    static final class Plans
    {
        static List<Part> body(final List<Token> tokens, final Class<?> encoder, final Class<?> decoder)
        {
            final List<Part> parts = new ArrayList<>();
            for (int i = 0; i < tokens.size(); i += tokens.get(i).componentTokenCount())
            {
                final Token token = tokens.get(i);
                final List<Token> inner = tokens.subList(i + 1, i + token.componentTokenCount() - 1);
                if (token.signal() == Signal.BEGIN_FIELD)
                {
                    parts.add(field(token, inner, encoder, decoder));
                }
                else if (token.signal() == Signal.BEGIN_GROUP)
                {
                    parts.add(new GroupPart(token, inner, encoder, decoder));
                }
                else
                {
                    parts.add(new DataPart(token, inner, encoder, decoder));
                }
            }
            return parts;
        }

        static Part field(
            final Token field, final List<Token> tokens, final Class<?> encoder, final Class<?> decoder)
        {
            final Token type = tokens.get(0);
            final String name = property(field);
            final PrimitiveType primitive = type.encoding().primitiveType();
            switch (type.signal())
            {
                case BEGIN_ENUM:
                    return field.isConstantEncoding() || type.isConstantEncoding() ?
                        new ConstantPart(decoder, enumGetter(decoder, name), primitive) :
                        new EnumPart(encoder, decoder, name, primitive);
                case BEGIN_SET:
                    return new SetPart(encoder, decoder, name, tokens);
                case BEGIN_COMPOSITE:
                    return new CompositePart(encoder, decoder, name, tokens);
                default:
                    return encoding(type, name, encoder, decoder);
            }
        }

        private static String enumGetter(final Class<?> decoder, final String name)
        {
            return findOrNull(decoder, name + "Raw", (types) -> types.length == 0) != null ? name + "Raw" : name;
        }

        private static Part encoding(
            final Token type, final String name, final Class<?> encoder, final Class<?> decoder)
        {
            if (type.isConstantEncoding())
            {
                return new ConstantPart(decoder, name, type.encoding().primitiveType());
            }
            if (type.arrayLength() == 1)
            {
                return new ScalarPart(encoder, decoder, name, type.encoding().primitiveType());
            }
            return type.encoding().primitiveType() == PrimitiveType.CHAR ?
                new TextPart(encoder, decoder, name) : new ArrayPart(encoder, decoder, name, type.arrayLength());
        }
    }

    static final class ScalarPart implements Part
    {
        private final Method setter;
        private final Method getter;
        private final List<Long> limits = new ArrayList<>();
        private final Class<?> javaType;
        private final PrimitiveType type;

        ScalarPart(final Class<?> encoder, final Class<?> decoder, final String name, final PrimitiveType type)
        {
            this.type = type;
            for (final String limit : new String[]{ "NullValue", "MinValue", "MaxValue" })
            {
                limits.add(toBits(staticValue(decoder, name + limit), type));
            }
            setter = withArguments(encoder, name, 1);
            getter = getter(decoder, name);
            javaType = setter.getParameterTypes()[0];
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            call(setter, encoder, fromBits(in.readLong(), javaType));
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            out.writeLong(toBits(call(getter, decoder), type));
        }

        @Override
        public void addLimits(final List<Long> all)
        {
            all.addAll(limits);
        }
    }

    static final class ArrayPart implements Part
    {
        private final Method setter;
        private final Method getter;
        private final int length;

        ArrayPart(final Class<?> encoder, final Class<?> decoder, final String name, final int length)
        {
            this.length = length;
            setter = find(encoder, name, (types) -> types.length == 2 && types[0] == int.class);
            getter = find(decoder, name, (types) -> types.length == 1 && types[0] == int.class);
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            for (int i = 0; i < length; i++)
            {
                call(setter, encoder, i, fromBits(in.readLong(), setter.getParameterTypes()[1]));
            }
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            for (int i = 0; i < length; i++)
            {
                out.writeLong(toBits(call(getter, decoder, i), null));
            }
        }
    }

    static final class TextPart implements Part
    {
        private final Method setter;
        private final Method getter;

        TextPart(final Class<?> encoder, final Class<?> decoder, final String name)
        {
            setter = textSetter(encoder, name);
            getter = getter(decoder, name);
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            call(setter, encoder, readText(in));
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            writeText(out, call(getter, decoder));
        }
    }

    static final class ConstantPart implements Part
    {
        private final Method getter;
        private final PrimitiveType type;

        ConstantPart(final Class<?> decoder, final String name, final PrimitiveType type)
        {
            this.type = type;
            getter = getter(decoder, name);
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            if (getter.getReturnType() == String.class)
            {
                readText(in);
            }
            else
            {
                in.readLong();
            }
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            final Object value = call(getter, decoder);
            if (value instanceof String)
            {
                writeText(out, value);
            }
            else
            {
                out.writeLong(toBits(value instanceof Enum ? call(getter(value.getClass(), "value"), value) : value, type));
            }
        }
    }

    static final class EnumPart implements Part
    {
        private final Method setter;
        private final Method lookup;
        private final Method raw;
        private final PrimitiveType type;

        EnumPart(final Class<?> encoder, final Class<?> decoder, final String name, final PrimitiveType type)
        {
            this.type = type;
            setter = withArguments(encoder, name, 1);
            raw = getter(decoder, name + "Raw");
            lookup = Stream.of(setter.getParameterTypes()[0].getMethods())
                .filter((method) -> method.getName().equals("get")).findFirst().orElseThrow();
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            call(setter, encoder, call(lookup, null, fromBits(in.readLong(), lookup.getParameterTypes()[0])));
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            out.writeLong(toBits(call(raw, decoder), type));
        }
    }

    static final class SetPart implements Part
    {
        private final Method startEncoding;
        private final Method startDecoding;
        private final Method clear;
        private final Method raw;
        private final long mask;
        private final Map<Integer, Method> choices = new HashMap<>();

        SetPart(final Class<?> encoder, final Class<?> decoder, final String name, final List<Token> tokens)
        {
            startEncoding = getter(encoder, name);
            startDecoding = getter(decoder, name);
            final Class<?> set = startEncoding.getReturnType();
            clear = getter(set, "clear");
            raw = getter(startDecoding.getReturnType(), "getRaw");
            final int size = tokens.get(0).encoding().primitiveType().size();
            mask = size == 8 ? -1L : (1L << (8 * size)) - 1;
            for (final Token token : tokens)
            {
                if (token.signal() == Signal.CHOICE)
                {
                    final int bit = (int)token.encoding().constValue().longValue();
                    choices.put(bit, withArguments(set, property(token), 1));
                }
            }
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            final long bits = in.readLong();
            final Object set = call(startEncoding, encoder);
            call(clear, set);
            for (final Map.Entry<Integer, Method> choice : choices.entrySet())
            {
                call(choice.getValue(), set, (bits & (1L << choice.getKey())) != 0);
            }
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            final Object set = call(startDecoding, decoder);
            out.writeLong(set == null ? 0 : toBits(call(raw, set), null) & mask);
        }
    }

    static final class CompositePart implements Part
    {
        private final Method startEncoding;
        private final Method startDecoding;
        private final List<Part> parts = new ArrayList<>();

        CompositePart(final Class<?> encoder, final Class<?> decoder, final String name, final List<Token> tokens)
        {
            startEncoding = getter(encoder, name);
            startDecoding = getter(decoder, name);
            for (int i = 1; i < tokens.size() - 1; i += tokens.get(i).componentTokenCount())
            {
                final Token token = tokens.get(i);
                parts.add(Plans.field(token, tokens.subList(i, i + token.componentTokenCount()),
                    startEncoding.getReturnType(), startDecoding.getReturnType()));
            }
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            if (in.readByte() == 0)
            {
                throw new IllegalStateException("an absent composite cannot be encoded");
            }
            final Object composite = call(startEncoding, encoder);
            for (final Part part : parts)
            {
                part.encode(composite, in, asBytes);
            }
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            final Object composite = call(startDecoding, decoder);
            out.writeByte(composite == null ? 0 : 1);
            if (composite != null)
            {
                for (final Part part : parts)
                {
                    part.decode(composite, out, asBytes);
                }
            }
        }

        @Override
        public void addLimits(final List<Long> limits)
        {
            parts.forEach((part) -> part.addLimits(limits));
        }
    }

    static final class GroupPart implements Part
    {
        private final Method startEncoding;
        private final Method startDecoding;
        private final Method nextEncoded;
        private final Method nextDecoded;
        private final Method count;
        private final List<Part> parts;

        GroupPart(final Token group, final List<Token> tokens, final Class<?> encoder, final Class<?> decoder)
        {
            startEncoding = withArguments(encoder, property(group) + "Count", 1);
            startDecoding = getter(decoder, property(group));
            final Class<?> entryEncoder = startEncoding.getReturnType();
            final Class<?> entryDecoder = startDecoding.getReturnType();
            nextEncoded = getter(entryEncoder, "next");
            nextDecoded = getter(entryDecoder, "next");
            count = getter(entryDecoder, "count");
            final int dimensions = tokens.get(0).componentTokenCount();
            parts = Plans.body(tokens.subList(dimensions, tokens.size()), entryEncoder, entryDecoder);
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            final int entries = in.readInt();
            final Object group = call(startEncoding, encoder, entries);
            for (int i = 0; i < entries; i++)
            {
                call(nextEncoded, group);
                for (final Part part : parts)
                {
                    part.encode(group, in, asBytes);
                }
            }
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            final Object group = call(startDecoding, decoder);
            final int entries = (Integer)call(count, group);
            out.writeInt(entries);
            for (int i = 0; i < entries; i++)
            {
                call(nextDecoded, group);
                for (final Part part : parts)
                {
                    part.decode(group, out, asBytes);
                }
            }
        }

        @Override
        public void addLimits(final List<Long> limits)
        {
            parts.forEach((part) -> part.addLimits(limits));
        }
    }

    /** Variable-length data, by its text where it has one and bytes are not asked for. */
    static final class DataPart implements Part
    {
        private final boolean isText;
        private final Method put;
        private final Method get;
        private final Method length;
        private final Method setText;
        private final Method getText;

        DataPart(final Token data, final List<Token> tokens, final Class<?> encoder, final Class<?> decoder)
        {
            final String name = property(data);
            final String suffix = JavaUtil.formatClassName(name);
            final Token varData = tokens.stream().filter((token) -> token.name().equals("varData")).findFirst().orElseThrow();
            isText = varData.encoding().characterEncoding() != null;
            put = find(encoder, "put" + suffix, (types) -> types.length == 3 && types[0] == byte[].class);
            get = find(decoder, "get" + suffix, (types) -> types.length == 3 && types[0] == byte[].class);
            length = getter(decoder, name + "Length");
            setText = isText ? textSetter(encoder, name) : null;
            getText = isText ? getter(decoder, name) : null;
        }

        public void encode(final Object encoder, final DataInputStream in, final boolean asBytes) throws IOException
        {
            if (isText && !asBytes)
            {
                call(setText, encoder, readText(in));
                return;
            }
            final byte[] bytes = in.readNBytes(in.readInt());
            call(put, encoder, bytes, 0, bytes.length);
        }

        public void decode(final Object decoder, final DataOutputStream out, final boolean asBytes) throws IOException
        {
            if (isText && !asBytes)
            {
                writeText(out, call(getText, decoder));
                return;
            }
            final byte[] bytes = new byte[(Integer)call(length, decoder)];
            call(get, decoder, bytes, 0, bytes.length);
            writeBytes(out, bytes);
        }
    }
}
