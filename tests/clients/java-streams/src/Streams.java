import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupMemberDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.state.QueryableStoreTypes;

/** Kafka Streams with the protocol of KIP-1071, and with the classic one: a count of words over a repartition topic. */
public final class Streams {
    static final int PARTITION_COUNT = 4;
    static String servers;
    static Admin admin;
    static long produced;
    static long counted;

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        if (arguments.length > 1) {
            // The instance that is to be killed.
            start(arguments[1], arguments[2], Integer.parseInt(arguments[3]), Map.of("group.protocol", "streams"));
            Thread.sleep(Long.MAX_VALUE);
        }
        Thread deadline = new Thread(() -> {
            try {
                Thread.sleep(400_000);
            } catch (InterruptedException e) {
                return;
            }
            check(false, "the suite took over 400 s");
        });
        deadline.setDaemon(true);
        deadline.start();
        admin = Admin.create(Map.of("bootstrap.servers", servers));
        wordCount("streams", Map.of("group.protocol", "streams"));
        wordCount("eos", Map.of("group.protocol", "streams", "processing.guarantee", "exactly_once_v2"));
        wordCount("classic", Map.of("group.protocol", "classic", "processing.guarantee", "exactly_once_v2"));
        missingSource();
        takeOver();
        admin.close();
        check(produced > 0 && counted > 0, "the suite did nothing");
        System.out.printf("SUITE java-streams produced=%d counted=%d%n", produced, counted);
    }

    static KafkaStreams start(String application, String topic, int port, Map<String, Object> more) throws Exception {
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream(topic)
            .flatMapValues(line -> Arrays.asList(line.split(" ")))
            .groupBy((key, word) -> word, Grouped.as("words"))
            .count(Materialized.as("counts"))
            .toStream()
            .to(topic + "-counts", Produced.with(Serdes.String(), Serdes.Long()));
        Properties properties = new Properties();
        properties.put("application.id", application);
        properties.put("bootstrap.servers", servers);
        properties.put("application.server", "localhost:" + port);
        properties.put("default.key.serde", Serdes.StringSerde.class);
        properties.put("default.value.serde", Serdes.StringSerde.class);
        properties.put("commit.interval.ms", 500);
        properties.put("statestore.cache.max.bytes", 0);
        Path directory = Files.createTempDirectory("streams");
        directory.toFile().deleteOnExit();
        properties.put("state.dir", directory.toString());
        properties.putAll(more);
        KafkaStreams streams = new KafkaStreams(builder.build(), properties);
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            return org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        return streams;
    }

    /** All records are counted once, the internal topics are as they must be, the store answers. */
    static void wordCount(String name, Map<String, Object> more) throws Exception {
        boolean isStreams = "streams".equals(more.get("group.protocol"));
        String topic = name(name);
        String application = name("app");
        create(topic);
        produce(topic, 200);
        KafkaStreams streams = start(application, topic, 8080, more);
        Map<String, Long> expected = expected(200);
        equal(counts(topic, expected), expected, name + ": counts");
        String repartition = application + "-words-repartition";
        String changelog = application + "-counts-changelog";
        equal(partitions(repartition), PARTITION_COUNT, "partitions of the repartition topic");
        equal(partitions(changelog), PARTITION_COUNT, "partitions of the changelog");
        equal(config(changelog).get("cleanup.policy").value(), "compact", "cleanup of the changelog");
        equal(config(repartition).get("cleanup.policy").value(), "delete", "cleanup of the repartition topic");
        if (isStreams) {
            described(application, name);
        }
        var store = streams.store(StoreQueryParameters.fromNameAndType("counts", QueryableStoreTypes.<String, Long>keyValueStore()));
        equal(store.get("w1"), expected.get("w1"), "the store's count");
        until("the endpoint of a key is known", () -> streams.metadataForAllStreamsClients().stream()
            .anyMatch(client -> client.port() == 8080 && !client.topicPartitions().isEmpty()));
        check(streams.close(Duration.ofSeconds(30)), "the application stops");
        if (isStreams) {
            until("the group is empty", () -> describe(application).groupState() == GroupState.EMPTY);
            check(!of(admin.listStreamsGroupOffsets(Map.of(application,
                new org.apache.kafka.clients.admin.ListStreamsGroupOffsetsSpec()))
                .partitionsToOffsetAndMetadata(application)).isEmpty(), "offsets are committed");
            admin.deleteStreamsGroups(List.of(application)).all().get();
            check(of(admin.listGroups().all()).stream().noneMatch(g -> g.groupId().equals(application)), "the group is gone");
        }
    }

    static void described(String application, String name) throws Exception {
        until("stable", () -> describe(application).groupState() == GroupState.STABLE);
        StreamsGroupDescription group = describe(application);
        equal(group.members().size(), 1, "members of " + name);
        equal(group.subtopologies().size(), 2, "subtopologies");
        StreamsGroupMemberDescription member = group.members().iterator().next();
        int tasks = member.assignment().activeTasks().stream().mapToInt(t -> t.partitions().size()).sum();
        equal(tasks, 2 * PARTITION_COUNT, "active tasks");
        equal(member.userEndpoint().get().port(), 8080, "port of the endpoint");
        check(of(admin.listGroups().all()).stream().anyMatch(
            g -> g.groupId().equals(application) && g.type().get() == GroupType.STREAMS), "group listed");
    }

    /** An application waits for its source, and works once it is there. */
    static void missingSource() throws Exception {
        String topic = name("late");
        String application = name("app");
        KafkaStreams streams = start(application, topic, 8080,
            Map.of("group.protocol", "streams", "task.timeout.ms", 0));
        until("not ready", () -> describe(application).groupState() == GroupState.NOT_READY);
        create(topic);
        produce(topic, 20);
        equal(counts(topic, expected(20)), expected(20), "counts of the late source");
        streams.close(Duration.ofSeconds(30));
    }

    /** Two instances share the tasks, each keeps copies of the other's; one is killed, the other goes on from where it was. */
    static void takeOver() throws Exception {
        String topic = name("shared");
        String application = name("app");
        create(topic);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, application);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(
            new AlterConfigOp(new ConfigEntry("streams.num.standby.replicas", "1"), AlterConfigOp.OpType.SET)))).all().get();
        KafkaStreams streams = start(application, topic, 8080, Map.of("group.protocol", "streams"));
        Process victim = new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"), "-Xmx256m", "-cp", System.getProperty("java.class.path"),
            "Streams", servers, application, topic, "8081").inheritIO().start();
        try {
            produce(topic, 200);
            until("both have half of the tasks", () -> active(application).equals(List.of(4, 4)));
            until("each has a copy of the other's state", () -> describe(application).members().stream().allMatch(
                m -> m.assignment().standbyTasks().stream().mapToInt(t -> t.partitions().size()).sum() == 2));
            until("both endpoints are known", () -> streams.metadataForAllStreamsClients().stream()
                .map(StreamsMetadata::port).collect(java.util.stream.Collectors.toSet()).equals(Set.of(8080, 8081)));
            equal(counts(topic, expected(200)), expected(200), "counts of both");
        } finally {
            victim.destroyForcibly().waitFor();
        }
        produce(topic, 200);
        until("the other one has all", () -> active(application).equals(List.of(8)));
        Map<String, Long> expected = expected(200);
        expected.replaceAll((word, count) -> 2 * count);
        equal(counts(topic, expected), expected, "counts after the kill");
        streams.close(Duration.ofSeconds(30));
    }

    static List<Integer> active(String application) throws Exception {
        return describe(application).members().stream()
            .map(m -> m.assignment().activeTasks().stream().mapToInt(t -> t.partitions().size()).sum()).sorted().toList();
    }

    static StreamsGroupDescription describe(String application) throws Exception {
        return of(admin.describeStreamsGroups(List.of(application)).all()).get(application);
    }

    static Map<String, Long> expected(int count) {
        Map<String, Long> expected = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            expected.merge("w" + i % 7, 1L, Long::sum);
            expected.merge("all", 1L, Long::sum);
        }
        return expected;
    }

    static void produce(String topic, int count) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, "k" + i, "w" + i % 7 + " all"));
            }
        }
        produced += count;
    }

    /** The newest counts, read until they are as expected or too long has passed. */
    static Map<String, Long> counts(String topic, Map<String, Long> expected) {
        Map<String, Long> newest = new TreeMap<>();
        Map<String, Object> settings = Map.of("bootstrap.servers", servers, "auto.offset.reset", "earliest",
            "isolation.level", "read_committed", "group.id", name("reader"));
        try (KafkaConsumer<String, Long> consumer = new KafkaConsumer<>(
            new HashMap<>(settings), new StringDeserializer(), new LongDeserializer())) {
            consumer.subscribe(List.of(topic + "-counts"));
            long end = System.currentTimeMillis() + 90_000;
            while (System.currentTimeMillis() < end && !newest.equals(expected)) {
                for (ConsumerRecord<String, Long> record : consumer.poll(Duration.ofMillis(200))) {
                    newest.put(record.key(), record.value());
                    counted++;
                }
            }
        }
        return newest;
    }

    static void create(String topic) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        topics.add(new NewTopic(topic, PARTITION_COUNT, (short) 1));
        topics.add(new NewTopic(topic + "-counts", PARTITION_COUNT, (short) 1));
        admin.createTopics(topics).all().get();
    }

    static int partitions(String topic) throws Exception {
        return of(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size();
    }

    static Config config(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return of(admin.describeConfigs(List.of(resource)).all()).get(resource);
    }

    static String name(String what) {
        return what + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static <T> T of(org.apache.kafka.common.KafkaFuture<T> future) throws Exception {
        return future.get();
    }

    static void until(String what, Callable<Boolean> holds) throws Exception {
        long end = System.currentTimeMillis() + 120_000;
        Throwable last = null;
        while (System.currentTimeMillis() < end) {
            try {
                if (holds.call()) {
                    return;
                }
                last = null;
            } catch (Exception e) {
                last = e;
            }
            Thread.sleep(200);
        }
        if (last != null) {
            last.printStackTrace();
        }
        check(false, "in vain: " + what);
    }

    static void equal(Object got, Object wanted, String what) {
        check(got.equals(wanted), what + ": " + got + " instead of " + wanted);
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            System.err.println("FAILED " + what);
            System.exit(1);
        }
    }
}
