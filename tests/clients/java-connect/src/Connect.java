import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Kafka Connect as it is: two distributed workers with exactly-once sources (KIP-618). A file that grows all the time is read into a
 * topic while the worker at work is killed, again and again; who reads committed records has each line once and in its place. A sink
 * writes the topic to another file, also through a kill: each line at least once.
 */
public final class Connect {
    /** The other worker waits so long for one that is gone to come back. */
    static final int REBALANCE_DELAY_MS = 1_000;
    static final int KILLS = 3;
    static final String SOURCE = "lines-in";
    static final String SINK = "lines-out";
    static final Duration PATIENCE = Duration.ofSeconds(120);

    static String servers;
    static Path directory;
    static List<Worker> workers = new ArrayList<>();
    static String topic;
    static List<String> read = new ArrayList<>();
    static KafkaConsumer<String, String> reader;
    static int rebalances;

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        Thread deadline = new Thread(() -> {
            try {
                Thread.sleep(480_000);
            } catch (InterruptedException e) {
                return;
            }
            System.err.println("the suite took over 480 s");
            complain();
            end(1);
        });
        deadline.setDaemon(true);
        deadline.start();
        int status = 1;
        try {
            run();
            status = 0;
        } catch (Throwable e) {
            e.printStackTrace();
            complain();
        }
        end(status);
    }

    static void complain() {
        for (Worker worker : workers) {
            System.err.println("worker " + worker.port + ":\n" + worker.log());
        }
    }

    static void end(int status) {
        for (Worker worker : workers) {
            try {
                worker.kill();
            } catch (InterruptedException e) {
                break;
            }
        }
        System.exit(status);
    }

    static void run() throws Exception {
        directory = Files.createTempDirectory("connect-suite");
        String name = UUID.randomUUID().toString().substring(0, 8);
        topic = "connect-lines-" + name;
        for (int number = 0; number < 2; number++) {
            workers.add(new Worker(directory, freePort(), common(name)));
            workers.get(number).start();
        }
        for (Worker worker : workers) {
            eventually("worker " + worker.port + " to serve", () -> worker.ask("GET", "/connectors", null));
        }
        reader = reader("read_committed");
        Path input = directory.resolve("input.txt");
        try (Lines lines = new Lines(input)) {
            put(SOURCE, Map.of(
                "connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector", "tasks.max", "1", "file", input.toString(),
                "topic", topic, "exactly.once.support", "required", "transaction.boundary", "interval",
                "transaction.boundary.interval.ms", "100", "topic.creation.default.replication.factor", "1",
                "topic.creation.default.partitions", "1"));
            readUntil(200);
            for (int kill = 0; kill < KILLS; kill++) {
                killWhoRuns(SOURCE, lines);
            }
            lines.finish();
            readUntil(lines.count());
            check(read.size() == lines.count(), read.size() + " records of " + lines.count() + " lines");
        }
        offsetsOfSource(input);
        int aborted = uncommitted() - read.size();
        sink();
        pauseAndDelete();
        long sunk = lines(directory.resolve("output.txt")).size();
        System.out.printf("SUITE java-connect produced=%d consumed=%d rebalances=%d kills=%d aborted=%d sunk=%d%n",
            read.size(), read.size(), rebalances, KILLS + 1, aborted, sunk);
    }

    static Map<String, String> common(String name) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", servers);
        settings.put("group.id", "connect-" + name);
        for (String kind : List.of("config", "offset", "status")) {
            settings.put(kind + ".storage.topic", "connect-" + kind + "-" + name);
            settings.put(kind + ".storage.replication.factor", "1");
        }
        settings.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        settings.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        settings.put("exactly.once.source.support", "enabled");
        settings.put("scheduled.rebalance.max.delay.ms", Integer.toString(REBALANCE_DELAY_MS));
        settings.put("session.timeout.ms", "6000");
        settings.put("heartbeat.interval.ms", "1000");
        settings.put("offset.flush.interval.ms", "1000");
        return settings;
    }

    /** Kills the worker that has the connector's task while lines come, and waits until the other one has gone on. */
    static void killWhoRuns(String connector, Lines lines) throws Exception {
        Worker victim = runs(connector);
        victim.kill();
        readUntil(lines.count() + 200);
        rebalances++;
        Worker heir = runs(connector);
        check(heir != victim, "the task is said to be with the worker that is gone");
        victim.start();
        eventually("worker " + victim.port + " to come back", () -> victim.ask("GET", "/connectors", null));
    }

    /** The worker that has the only task of a connector, once it runs. */
    static Worker runs(String connector) throws Exception {
        JsonNode task = eventually("a task of " + connector, () -> {
            for (Worker worker : workers) {
                JsonNode status = worker.alive() ? worker.ask("GET", "/connectors/" + connector + "/status", null) : null;
                JsonNode first = status == null ? null : status.path("tasks").path(0);
                if (first != null && first.path("state").asText().equals("FAILED")) {
                    throw new IllegalStateException(first.path("trace").asText());
                }
                if (first != null && first.path("state").asText().equals("RUNNING") && named(first) != null) {
                    return first;
                }
            }
            return null;
        });
        return named(task);
    }

    static Worker named(JsonNode task) {
        String id = task.path("worker_id").asText();
        return workers.stream().filter(worker -> worker.alive() && worker.id().equals(id)).findFirst().orElse(null);
    }

    static void put(String connector, Map<String, String> settings) throws Exception {
        eventually("connector " + connector, () -> any("PUT", "/connectors/" + connector + "/config", settings));
    }

    /** Asks a worker that lives: whichever it is, it asks the leader if need be. */
    static JsonNode any(String method, String path, Object body) throws Exception {
        for (Worker worker : workers) {
            JsonNode answer = worker.alive() ? worker.ask(method, path, body) : null;
            if (answer != null) {
                return answer;
            }
        }
        return null;
    }

    /** Reads on; each record must be the line that is next. */
    static void readUntil(int count) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (read.size() < count) {
            check(System.nanoTime() < end, read.size() + " of " + count + " lines were read after " + PATIENCE);
            for (ConsumerRecord<String, String> record : reader.poll(Duration.ofMillis(200))) {
                String expected = Lines.line(read.size());
                check(record.value().equals(expected), "offset " + record.offset() + " has " + record.value() + ", not " + expected);
                read.add(record.value());
            }
        }
    }

    /** What the workers have kept of the source is where the file ends, and it was kept with the records. */
    static void offsetsOfSource(Path input) throws Exception {
        eventually("the offset of the source", () -> {
            JsonNode offsets = any("GET", "/connectors/" + SOURCE + "/offsets", null);
            long position = offsets == null ? -1 : offsets.path("offsets").path(0).path("offset").path("position").asLong(-1);
            return position == Files.size(input) ? offsets : null;
        });
    }

    /** Records of transactions that were under way at a kill are there for who reads uncommitted, if they had come so far. */
    static int uncommitted() {
        try (KafkaConsumer<String, String> all = reader("read_uncommitted")) {
            TopicPartition partition = new TopicPartition(topic, 0);
            long end = all.endOffsets(List.of(partition)).get(partition);
            int count = 0;
            while (all.position(partition) < end) {
                count += all.poll(Duration.ofMillis(200)).count();
            }
            check(count >= read.size(), count + " records uncommitted, " + read.size() + " committed");
            return count;
        }
    }

    static KafkaConsumer<String, String> reader(String isolation) {
        Map<String, Object> settings = Map.of(
            "bootstrap.servers", servers, "isolation.level", isolation, "auto.offset.reset", "earliest", "enable.auto.commit", "false",
            "allow.auto.create.topics", "false");
        var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumer.assign(List.of(new TopicPartition(topic, 0)));
        return consumer;
    }

    static void sink() throws Exception {
        Path output = directory.resolve("output.txt");
        put(SINK, Map.of(
            "connector.class", "org.apache.kafka.connect.file.FileStreamSinkConnector", "tasks.max", "1", "file", output.toString(),
            "topics", topic, "consumer.override.isolation.level", "read_committed", "consumer.override.max.poll.records", "50"));
        eventually("the sink to begin", () -> Files.exists(output) && !lines(output).isEmpty() ? output : null);
        Worker victim = runs(SINK);
        victim.kill();
        rebalances++;
        HashSet<String> expected = new HashSet<>(read);
        eventually("all lines in the sink's file", () -> new HashSet<>(lines(output)).equals(expected) ? output : null);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            long end = reader.endOffsets(List.of(partition)).get(partition);
            eventually("the sink's offsets", () -> {
                Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets("connect-" + SINK).partitionsToOffsetAndMetadata().get();
                OffsetAndMetadata offset = committed.get(partition);
                // The last offset of all is a transaction's end marker, which no record follows.
                return offset != null && offset.offset() >= end - 1 ? offset : null;
            });
        }
        victim.start();
    }

    /** All lines but one that is still being written. */
    static List<String> lines(Path file) throws Exception {
        String text = Files.readString(file);
        int end = text.lastIndexOf('\n');
        return end < 0 ? List.of() : List.of(text.substring(0, end).split("\n"));
    }

    static void pauseAndDelete() throws Exception {
        for (String state : List.of("PAUSED", "RUNNING", "STOPPED")) {
            String verb = Map.of("PAUSED", "pause", "RUNNING", "resume", "STOPPED", "stop").get(state);
            eventually(verb, () -> any("PUT", "/connectors/" + SOURCE + "/" + verb, null));
            eventually(SOURCE + " " + state, () -> {
                JsonNode status = any("GET", "/connectors/" + SOURCE + "/status", null);
                return status != null && status.path("connector").path("state").asText().equals(state) ? status : null;
            });
        }
        eventually("offsets to be forgotten", () -> any("DELETE", "/connectors/" + SOURCE + "/offsets", null));
        JsonNode offsets = eventually("no offsets", () -> any("GET", "/connectors/" + SOURCE + "/offsets", null));
        check(offsets.path("offsets").isEmpty(), "offsets are left: " + offsets);
        for (String connector : List.of(SOURCE, SINK)) {
            eventually("deletion of " + connector, () -> any("DELETE", "/connectors/" + connector, null));
        }
        eventually("no connectors", () -> {
            JsonNode left = any("GET", "/connectors", null);
            return left != null && left.isEmpty() ? left : null;
        });
    }

    interface Question<T> {
        /** Null is: not yet. */
        T ask() throws Exception;
    }

    static <T> T eventually(String what, Question<T> question) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            T answer = question.ask();
            if (answer != null) {
                return answer;
            }
            check(System.nanoTime() < end, "waited for " + what + " for " + PATIENCE);
            Thread.sleep(100);
        }
    }

    static void check(boolean holds, String words) {
        if (!holds) {
            throw new IllegalStateException(words);
        }
    }

    static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A file that grows by numbered lines until it is told not to. */
    static final class Lines implements AutoCloseable {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicBoolean finished = new AtomicBoolean();
        private final Thread writer;

        Lines(Path file) throws Exception {
            BufferedWriter out = Files.newBufferedWriter(file);
            writer = new Thread(() -> {
                try (out) {
                    while (!finished.get()) {
                        for (int line = 0; line < 10; line++) {
                            out.write(line(count.get()));
                            out.newLine();
                            count.incrementAndGet();
                        }
                        out.flush();
                        Thread.sleep(50);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            writer.setDaemon(true);
            writer.start();
        }

        static String line(int number) {
            return "line " + number;
        }

        int count() {
            return count.get();
        }

        void finish() throws Exception {
            finished.set(true);
            writer.join();
        }

        @Override
        public void close() {
            finished.set(true);
        }
    }
}
