import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.types.BoundField;
import org.apache.kafka.common.protocol.types.Schema;
import org.apache.kafka.common.protocol.types.TaggedFields;
import org.apache.kafka.common.protocol.types.Type;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Apache Kafka's message classes behind standard input and output, for a test that compares bytes.
 *
 * Question: one letter, class name, version, another version, length and bytes. Answer: one byte (0: bytes follow,
 * 1: refused, and the bytes are the reason), length and bytes.
 * 'T': read the bytes in the first version and write them in the second. 'D': write a new object in the first version.
 * 'R': fill a new object with random values of the first version (seed: the bytes) and write it in the second.
 */
public class RoundTrip {
    public static void main(String[] arguments) throws Exception {
        DataInputStream in = new DataInputStream(System.in);
        DataOutputStream out = new DataOutputStream(System.out);
        while (true) {
            int kind;
            try {
                kind = in.readByte();
            } catch (EOFException end) {
                return;
            }
            String name = in.readUTF();
            short from = in.readShort();
            short to = in.readShort();
            byte[] data = new byte[in.readInt()];
            in.readFully(data);
            byte[] answer;
            boolean refused = false;
            try {
                answer = answer(kind, name, from, to, data);
            } catch (ReflectiveOperationException broken) {
                throw broken;
            } catch (RuntimeException refusal) {
                refused = true;
                answer = refusal.toString().getBytes("UTF-8");
            }
            out.writeByte(refused ? 1 : 0);
            out.writeInt(answer.length);
            out.write(answer);
            out.flush();
        }
    }

    private static byte[] answer(int kind, String name, short from, short to, byte[] data) throws Exception {
        Class<?> type = Class.forName(name);
        Message message = (Message) create(type);
        if (kind == 'T') {
            ByteBufferAccessor input = new ByteBufferAccessor(ByteBuffer.wrap(data));
            message.read(input, from);
            if (input.remaining() != 0) {
                throw new IllegalStateException(input.remaining() + " bytes left");
            }
        } else if (kind == 'R') {
            Schema[] schemas = (Schema[]) type.getField("SCHEMAS").get(null);
            fill(message, schemas[from], new Random(ByteBuffer.wrap(data).getLong()));
        }
        ObjectSerializationCache cache = new ObjectSerializationCache();
        ByteBuffer buffer = ByteBuffer.allocate(message.size(cache, to));
        message.write(new ByteBufferAccessor(buffer), cache, to);
        if (buffer.hasRemaining()) {
            throw new IllegalStateException("size and bytes differ");
        }
        return buffer.array();
    }

    private static Object create(Class<?> type) throws Exception {
        try {
            return type.getConstructor().newInstance();
        } catch (InvocationTargetException failed) {
            throw new IllegalStateException(failed.getCause());
        }
    }

    /** Gives each field that the schema has a random value. */
    private static void fill(Object target, Schema schema, Random random) throws Exception {
        for (BoundField field : schema.fields()) {
            if (field.def.type instanceof TaggedFields tagged) {
                for (Map.Entry<Integer, org.apache.kafka.common.protocol.types.Field> entry : tagged.fields().entrySet()) {
                    if (random.nextBoolean()) {
                        fill(target, entry.getValue().name, entry.getValue().type, random);
                    }
                }
            } else {
                fill(target, field.def.name, field.def.type, random);
            }
        }
    }

    private static void fill(Object target, String name, Type type, Random random) throws Exception {
        String wanted = name.replace("_", "");
        for (Field field : target.getClass().getDeclaredFields()) {
            if (field.getName().toLowerCase(Locale.ROOT).equals(wanted)) {
                field.setAccessible(true);
                field.set(target, value(field.getType(), field.getGenericType(), type, random));
                return;
            }
        }
        throw new NoSuchFieldException(target.getClass() + " " + name);
    }

    private static Object value(Class<?> kind, java.lang.reflect.Type generic, Type type, Random random) throws Exception {
        if (type.isNullable() && random.nextInt(4) == 0) {
            return null;
        }
        if (kind == boolean.class) {
            return random.nextBoolean();
        } else if (kind == byte.class || kind == Byte.class) {
            return (byte) number(random);
        } else if (kind == short.class || kind == Short.class) {
            return (short) number(random);
        } else if (kind == int.class || kind == Integer.class) {
            return type == Type.UINT16 ? (int) number(random) & 0xffff : (int) number(random);
        } else if (kind == long.class || kind == Long.class) {
            return type == Type.UNSIGNED_INT32 ? number(random) & 0xffffffffL : number(random);
        } else if (kind == double.class) {
            return random.nextGaussian();
        } else if (kind == Uuid.class) {
            return random.nextInt(5) == 0 ? Uuid.ZERO_UUID : new Uuid(number(random), number(random));
        } else if (kind == String.class) {
            return text(random);
        } else if (kind == byte[].class) {
            return bytes(random);
        } else if (kind == ByteBuffer.class) {
            return ByteBuffer.wrap(bytes(random));
        } else if (kind == BaseRecords.class) {
            return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes(random)));
        } else if (Collection.class.isAssignableFrom(kind)) {
            return collection(kind, generic, type, random);
        }
        Object struct = create(kind);
        fill(struct, schemaOf(type), random);
        return struct;
    }

    private static Schema schemaOf(Type type) throws Exception {
        if (type instanceof Schema schema) {
            return schema;
        }
        // A nullable schema keeps its fields to itself.
        for (Class<?> level = type.getClass(); level != null; level = level.getSuperclass()) {
            for (Field field : level.getDeclaredFields()) {
                if (field.getType() == Schema.class) {
                    field.setAccessible(true);
                    return (Schema) field.get(type);
                }
            }
        }
        throw new NoSuchFieldException("no schema in " + type.getClass());
    }

    @SuppressWarnings("unchecked")
    private static Object collection(Class<?> kind, java.lang.reflect.Type generic, Type type, Random random)
            throws Exception {
        boolean plain = generic instanceof ParameterizedType;
        java.lang.reflect.Type holder = plain ? generic : kind.getGenericSuperclass();
        Class<?> element = (Class<?>) ((ParameterizedType) holder).getActualTypeArguments()[0];
        Collection<Object> values = plain ? new ArrayList<>() : (Collection<Object>) create(kind);
        Type elementType = type.arrayElementType().orElseThrow();
        for (int left = random.nextInt(4); left > 0; left--) {
            values.add(value(element, element, elementType, random));
        }
        return values;
    }

    private static long number(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> random.nextInt(100);
            default -> random.nextLong();
        };
    }

    private static String text(Random random) {
        String[] letters = {"a", "Z", "0", "-", ".", "\u00e9", "\u20ac", "\ud834\udd1e"};
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(20) == 0 ? 200 : random.nextInt(6); left > 0; left--) {
            text.append(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(20) == 0 ? 300 : random.nextInt(8)];
        random.nextBytes(bytes);
        return bytes;
    }
}
