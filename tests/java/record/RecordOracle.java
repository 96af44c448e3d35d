import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.message.KRaftVersionRecord;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.message.SnapshotFooterRecord;
import org.apache.kafka.common.message.SnapshotHeaderRecord;
import org.apache.kafka.common.message.VotersRecord;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.internals.PrimitiveRef;
import org.apache.kafka.storage.internals.log.AppendOrigin;
import org.apache.kafka.storage.internals.log.LogValidator;
import org.apache.kafka.storage.internals.log.RecordValidationException;

/**
 * Apache Kafka's classes as the oracle of the Rust crate "record". Three commands, each with a directory:
 * write puts batches NAME.bin with what Java reads in them NAME.txt; dump reads every NAME.bin and puts NAME.txt;
 * judge puts for every NAME.bin, as one produced partition, the name of the error that a broker answers.
 */
public final class RecordOracle {
    private static final HexFormat HEX = HexFormat.of();

    public static void main(String[] args) throws Exception {
        Path directory = Path.of(args[1]);
        switch (args[0]) {
            case "write" -> write(directory);
            case "dump" -> {
                for (Path file : batches(directory)) {
                    text(file, dump(Files.readAllBytes(file)));
                }
            }
            case "judge" -> {
                for (Path file : batches(directory)) {
                    text(file, judge(file.getFileName().toString(), Files.readAllBytes(file)));
                }
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static List<Path> batches(Path directory) throws Exception {
        List<Path> found = new ArrayList<>();
        try (var files = Files.list(directory)) {
            files.filter(file -> file.toString().endsWith(".bin")).forEach(found::add);
        }
        return found;
    }

    private static void text(Path file, String text) throws Exception {
        String name = file.getFileName().toString();
        Files.writeString(file.resolveSibling(name.substring(0, name.length() - 4) + ".txt"), text);
    }

    // ---- what Java reads ----

    private static String dump(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (MutableRecordBatch batch : MemoryRecords.readableRecords(ByteBuffer.wrap(bytes)).batches()) {
            batch.ensureValid();
            out.append(String.format(
                "batch base=%d last=%d next=%d epoch=%d codec=%s time=%s maxtime=%d pid=%d pepoch=%d seq=%d tx=%b control=%b horizon=%d count=%d size=%d crc=%08x%n",
                batch.baseOffset(), batch.lastOffset(), batch.nextOffset(), batch.partitionLeaderEpoch(),
                batch.compressionType().name, batch.timestampType().name, batch.maxTimestamp(), batch.producerId(),
                batch.producerEpoch(), batch.baseSequence(), batch.isTransactional(), batch.isControlBatch(),
                batch.deleteHorizonMs().orElse(-1L), batch.countOrNull(), batch.sizeInBytes(), batch.checksum()));
            for (Record record : batch) {
                out.append(String.format("record offset=%d time=%d key=%s value=%s", record.offset(), record.timestamp(),
                    hex(record.key()), hex(record.value())));
                for (Header header : record.headers()) {
                    out.append(" header=").append(HEX.formatHex(header.key().getBytes(StandardCharsets.UTF_8))).append(':')
                        .append(header.value() == null ? "null" : HEX.formatHex(header.value()));
                }
                if (batch.isControlBatch()) {
                    out.append(" control=").append(ControlRecordType.parse(record.key()));
                }
                out.append('\n');
            }
        }
        return out.toString();
    }

    private static String hex(ByteBuffer bytes) {
        if (bytes == null) {
            return "null";
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        if (copy.length <= 32) {
            return HEX.formatHex(copy);
        }
        CRC32C crc = new CRC32C();
        crc.update(copy);
        return String.format("%d:%08x", copy.length, crc.getValue());
    }

    // ---- what Java writes ----

    private record Event(long time, byte[] key, byte[] value, Header... headers) { }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<Event> few() {
        return List.of(
            new Event(1_700_000_000_000L, bytes("key"), bytes("value")),
            new Event(1_700_000_000_005L, null, bytes("no key"), new RecordHeader("a", bytes("1")), new RecordHeader("a", null)),
            new Event(1_699_999_999_000L, bytes(""), null, new RecordHeader("", new byte[0])),
            new Event(1_700_000_100_000L, new byte[300], new byte[70_000]));
    }

    /** Compresses well and fills many blocks of every codec. */
    private static List<Event> text() {
        Random random = new Random(7);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            String value = "{\"customer\":" + random.nextInt(50) + ",\"amount\":" + random.nextInt(100_000)
                + ",\"city\":\"" + "Graz Linz Wien Bonn Kiel".split(" ")[random.nextInt(5)] + "\",\"note\":\"" + "x".repeat(random.nextInt(60)) + "\"}";
            events.add(new Event(1_700_000_000_000L + i, bytes("customer-" + i % 50), bytes(value)));
        }
        return events;
    }

    /** Does not compress. */
    private static List<Event> noise() {
        Random random = new Random(8);
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            byte[] value = new byte[10_000];
            random.nextBytes(value);
            events.add(new Event(-1, null, value));
        }
        return events;
    }

    private static ByteBuffer build(List<Event> events, Compression compression, TimestampType type, long base, long appendTime,
                                    long pid, short epoch, int sequence, boolean transactional, int leaderEpoch) {
        MemoryRecordsBuilder builder = MemoryRecords.builder(ByteBuffer.allocate(1 << 20), RecordBatch.MAGIC_VALUE_V2, compression,
            type, base, appendTime, pid, epoch, sequence, transactional, leaderEpoch);
        for (Event event : events) {
            builder.append(event.time, event.key, event.value, event.headers);
        }
        return builder.build().buffer();
    }

    private static ByteBuffer plain(List<Event> events, Compression compression) {
        return build(events, compression, TimestampType.CREATE_TIME, 0, RecordBatch.NO_TIMESTAMP, RecordBatch.NO_PRODUCER_ID,
            RecordBatch.NO_PRODUCER_EPOCH, RecordBatch.NO_SEQUENCE, false, RecordBatch.NO_PARTITION_LEADER_EPOCH);
    }

    private static void write(Path directory) throws Exception {
        TreeMap<String, Compression> compressions = new TreeMap<>();
        compressions.put("none", Compression.NONE);
        compressions.put("snappy", Compression.snappy().build());
        compressions.put("gzip_-1", Compression.gzip().build());
        for (int level = 1; level <= 9; level++) {
            compressions.put("gzip_" + level, Compression.gzip().level(level).build());
        }
        for (int level = 1; level <= 17; level++) {
            compressions.put("lz4_" + level, Compression.lz4().level(level).build());
        }
        for (int level : new int[] {-131072, -1000, -50, -7, -6, -5, -4, -3, -2, -1}) {
            compressions.put("zstd_" + level, Compression.zstd().level(level).build());
        }
        for (int level = 1; level <= 22; level++) {
            compressions.put("zstd_" + level, Compression.zstd().level(level).build());
        }
        Set<String> usual = Set.of("none", "snappy", "gzip_-1", "lz4_9", "lz4_1", "zstd_3");
        for (var entry : compressions.entrySet()) {
            save(directory, "text_" + entry.getKey(), plain(text(), entry.getValue()));
            if (usual.contains(entry.getKey())) {
                save(directory, "few_" + entry.getKey(), plain(few(), entry.getValue()));
                save(directory, "noise_" + entry.getKey(), plain(noise(), entry.getValue()));
            }
        }
        Compression none = Compression.NONE;
        TimestampType create = TimestampType.CREATE_TIME;
        save(directory, "append-time", build(few(), none, TimestampType.LOG_APPEND_TIME, 5, 1_800_000_000_000L, -1, (short) -1, -1, false, 3));
        save(directory, "idempotent", build(few(), none, create, 1L << 40, -1, 4000, (short) 7, Integer.MAX_VALUE - 1, false, 9));
        save(directory, "transactional", build(few(), none, create, 77, -1, 4001, (short) 0, 0, true, 0));
        save(directory, "commit", MemoryRecords.withEndTransactionMarker(12, 1_700_000_000_000L, 4, 4001, (short) 2,
            new EndTransactionMarker(ControlRecordType.COMMIT, 6)).buffer());
        save(directory, "abort", MemoryRecords.withEndTransactionMarker(13, 1_700_000_000_001L, 4, 4001, (short) 3,
            new EndTransactionMarker(ControlRecordType.ABORT, 0)).buffer());
        ByteBuffer space = ByteBuffer.allocate(1000);
        save(directory, "leader-change", MemoryRecords.withLeaderChangeMessage(1, 1_700_000_000_000L, 2, space,
            new LeaderChangeMessage().setLeaderId(1)).buffer());
        save(directory, "snapshot-header", MemoryRecords.withSnapshotHeaderRecord(0, 1_700_000_000_000L, 2, ByteBuffer.allocate(1000),
            new SnapshotHeaderRecord().setLastContainedLogTimestamp(55)).buffer());
        save(directory, "snapshot-footer", MemoryRecords.withSnapshotFooterRecord(9, 1_700_000_000_000L, 2, ByteBuffer.allocate(1000),
            new SnapshotFooterRecord()).buffer());
        save(directory, "kraft-version", MemoryRecords.withKRaftVersionRecord(3, 1_700_000_000_000L, 2, ByteBuffer.allocate(1000),
            new KRaftVersionRecord().setKRaftVersion((short) 1)).buffer());
        save(directory, "kraft-voters", MemoryRecords.withVotersRecord(4, 1_700_000_000_000L, 2, ByteBuffer.allocate(1000),
            new VotersRecord()).buffer());
    }

    private static void save(Path directory, String name, ByteBuffer buffer) throws Exception {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        Files.write(directory.resolve(name + ".bin"), bytes);
        Files.writeString(directory.resolve(name + ".txt"), dump(bytes));
    }

    // ---- what a broker answers ----

    /** The steps of a broker in its order: request, then log, then validator. "compacted" in the name makes the topic so. */
    private static String judge(String name, byte[] bytes) {
        try {
            short version = name.contains("produce6") ? (short) 6 : (short) 13;
            MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes));
            ProduceRequest.validateRecords(version, records);
            Iterator<MutableRecordBatch> batches = records.batches().iterator();
            CompressionType codec = CompressionType.NONE;
            while (batches.hasNext()) {
                MutableRecordBatch batch = batches.next();
                if (batch.baseOffset() != 0) {
                    return Errors.INVALID_RECORD.name();
                }
                if (batch.sizeInBytes() > 1_048_588) {
                    throw new RecordTooLargeException();
                }
                if (!batch.isValid()) {
                    throw new CorruptRecordException();
                }
                codec = CompressionType.forId(batch.compressionType().id);
            }
            records = MemoryRecords.readableRecords(ByteBuffer.wrap(bytes, 0, records.validBytes()));
            LogValidator validator = new LogValidator(records, new TopicPartition("t", 0), Time.SYSTEM, codec,
                Compression.of(codec).build(), name.contains("compacted"), RecordBatch.MAGIC_VALUE_V2, TimestampType.CREATE_TIME,
                86_400_000L, 3_600_000L, 0, AppendOrigin.CLIENT, 1 << 30);
            validator.validateMessagesAndAssignOffsets(PrimitiveRef.ofLong(0), new Recorder(),
                org.apache.kafka.common.utils.internals.BufferSupplier.NO_CACHING);
            return Errors.NONE.name();
        } catch (RecordValidationException error) {
            return Errors.forException(error.invalidException()).name();
        } catch (Exception error) {
            return Errors.forException(error).name();
        }
    }

    private static final class Recorder implements LogValidator.MetricsRecorder {
        public void recordInvalidMagic() { }

        public void recordInvalidOffset() { }

        public void recordInvalidSequence() { }

        public void recordInvalidChecksums() { }

        public void recordNoKeyCompactedTopic() { }
    }
}
