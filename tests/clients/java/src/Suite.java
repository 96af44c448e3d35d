import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Apache Kafka's own Java clients: producer, classic consumer, admin. */
public final class Suite {
    static String servers;
    static long produced;
    static long consumed;
    static long rebalances;
    static Admin admin;

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        if (arguments.length > 1) {
            Member doomed = new Member(arguments[1], arguments[2], CooperativeStickyAssignor.class.getName());
            while (true) {
                doomed.poll();
            }
        }
        Thread deadline = new Thread(() -> {
            try {
                Thread.sleep(240_000);
            } catch (InterruptedException e) {
                return;
            }
            check(false, "the suite took over 240 s");
        });
        deadline.setDaemon(true);
        deadline.start();
        admin = Admin.create(Map.of("bootstrap.servers", servers));
        administration();
        codecs();
        partitionsAsJava();
        records();
        groups();
        killedMemberWithCooperativeSticky();
        staticMember();
        admin.close();
        check(produced > 0 && consumed > 0 && rebalances > 0, "the suite did nothing");
        System.out.printf("SUITE java produced=%d consumed=%d rebalances=%d%n", produced, consumed, rebalances);
    }

    static void administration() throws Exception {
        String topic = name("admin");
        create(topic, 4, Map.of("retention.ms", "123456"));
        refused(admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all(), TopicExistsException.class);
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        until("setting described", () -> "123456".equals(config(resource).get("retention.ms").value()));
        equal(config(resource).get("retention.ms").source(), ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG, "source of a setting");
        equal(config(resource).get("cleanup.policy").value(), "delete", "default setting");
        admin.incrementalAlterConfigs(Map.of(resource, List.of(
            new AlterConfigOp(new ConfigEntry("max.message.bytes", "2000"), AlterConfigOp.OpType.SET),
            new AlterConfigOp(new ConfigEntry("retention.ms", ""), AlterConfigOp.OpType.DELETE)))).all().get();
        until("setting changed", () -> "2000".equals(config(resource).get("max.message.bytes").value()));
        equal(config(resource).get("retention.ms").value(), "604800000", "setting back at its default");
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            refused(producer.send(new ProducerRecord<>(topic, "x".repeat(3000))), RecordTooLargeException.class);
        }
        refused(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(2))).all(), InvalidPartitionsException.class);
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(6))).all().get();
        until("topic grew", () -> of(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).partitions().size() == 6);
        equal(of(admin.describeCluster().nodes()).size(), 1, "brokers");
        check(of(admin.describeCluster().clusterId()).length() == 22, "cluster id");
        admin.deleteTopics(List.of(topic)).all().get();
        until("topic gone", () -> !of(admin.listTopics().names()).contains(topic));
        refused(admin.describeTopics(List.of(topic)).allTopicNames(), UnknownTopicOrPartitionException.class);
    }

    static void codecs() throws Exception {
        String topic = name("codecs");
        create(topic, 1, Map.of());
        List<ProducerRecord<String, String>> sent = new ArrayList<>();
        for (String codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            try (KafkaProducer<String, String> producer = producer(Map.of("compression.type", codec, "linger.ms", "50"))) {
                for (int i = 0; i < 200; i++) {
                    ProducerRecord<String, String> record = new ProducerRecord<>(
                        topic, 0, 1_700_000_000_000L + sent.size(), codec + "-" + i, (codec + " " + i + " ").repeat(20));
                    record.headers().add("codec", codec.getBytes(StandardCharsets.UTF_8)).add("none", null);
                    producer.send(record);
                    sent.add(record);
                }
            }
        }
        produced += sent.size();
        try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            List<ConsumerRecord<String, String>> found = new ArrayList<>();
            until("all codecs read", () -> {
                consumer.poll(Duration.ofMillis(500)).forEach(found::add);
                return found.size() >= sent.size();
            });
            equal(found.size(), sent.size(), "records of all codecs");
            for (int i = 0; i < sent.size(); i++) {
                equal(found.get(i).offset(), (long) i, "offset");
                equal(found.get(i).key(), sent.get(i).key(), "key");
                equal(found.get(i).value(), sent.get(i).value(), "value");
                equal(found.get(i).headers(), sent.get(i).headers(), "headers");
                equal(found.get(i).timestamp(), sent.get(i).timestamp(), "timestamp");
            }
            consumed += found.size();
            equal(consumer.offsetsForTimes(Map.of(partition, 1_700_000_000_700L)).get(partition).offset(), 700L, "offset by time");
            equal(consumer.endOffsets(List.of(partition)).get(partition), (long) sent.size(), "end offset");
            consumer.seek(partition, 345);
            equal(consumer.poll(Duration.ofSeconds(10)).iterator().next().offset(), 345L, "seek");
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(400))).all().get();
            equal(consumer.beginningOffsets(List.of(partition)).get(partition), 400L, "log start after deleting records");
            equal(of(admin.listOffsets(Map.of(partition, OffsetSpec.maxTimestamp())).all()).get(partition).offset(), 999L, "largest timestamp");
        }
    }

    static void partitionsAsJava() throws Exception {
        String topic = name("keys");
        create(topic, 12, Map.of());
        Map<String, Integer> wanted = Map.of(
            "a", 4, "21", 0, "foobar", 6, "a-little-bit-long-string", 8, "a-little-bit-longer-string", 11);
        Map<String, Integer> found = new HashMap<>();
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (String key : wanted.keySet()) {
                found.put(key, producer.send(new ProducerRecord<>(topic, key, "x")).get().partition());
                produced++;
            }
        }
        equal(found, wanted, "partitions of keys");
    }

    /** Acknowledgements, timestamp types and a topic that recompresses. */
    static void records() throws Exception {
        for (String acks : List.of("0", "1", "all")) {
            String topic = name("acks");
            create(topic, 1, Map.of("message.timestamp.type", "LogAppendTime", "compression.type", "lz4"));
            try (KafkaProducer<String, String> producer = producer(Map.of("acks", acks, "enable.idempotence", "all".equals(acks)))) {
                for (int i = 0; i < 50; i++) {
                    RecordMetadata metadata = producer.send(new ProducerRecord<>(topic, 0, 1L, "k", "v" + i)).get();
                    check("0".equals(acks) == (metadata.offset() == -1), "offset with acks=" + acks);
                    produced++;
                }
            }
            try (KafkaConsumer<String, String> consumer = consumer(Map.of())) {
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                List<String> values = new ArrayList<>();
                until("records of acks=" + acks, () -> {
                    for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(500))) {
                        check(record.timestamp() > 1_600_000_000_000L, "the log's own time");
                        values.add(record.value());
                        consumed++;
                    }
                    return values.size() >= 50;
                });
                for (int i = 0; i < 50; i++) {
                    equal(values.get(i), "v" + i, "order with acks=" + acks);
                }
            }
        }
    }

    static void groups() throws Exception {
        String topic = name("group");
        String group = name("g");
        create(topic, 4, Map.of());
        List<Member> members = new ArrayList<>(List.of(new Member(group, topic), new Member(group, topic)));
        until("two members own two each", () -> sizes(members).equals(List.of(2, 2)));
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int i = 0; i < 400; i++) {
                producer.send(new ProducerRecord<>(topic, "k" + i, "v" + i));
            }
        }
        produced += 400;
        until("the group read all", () -> sizes(members) != null && read(members) == 400);
        Set<String> keys = new HashSet<>();
        members.forEach(m -> m.records.forEach(r -> keys.add(r.key())));
        equal(keys.size(), 400, "each record read once");
        members.forEach(m -> m.consumer.commitSync());
        Member other = new Member(name("g"), topic);
        until("a second group reads its own copy", () -> {
            other.poll();
            return other.records.size() == 400;
        });
        other.consumer.close();
        for (int i = 0; i < 3; i++) {
            members.add(new Member(group, topic));
        }
        until("one of five is idle", () -> sizes(members).equals(List.of(0, 1, 1, 1, 1)));
        equal(of(admin.describeConsumerGroups(List.of(group)).all()).get(group).members().size(), 5, "members described");
        while (members.size() > 1) {
            members.remove(1).consumer.close();
        }
        until("the last one owns all", () -> sizes(members).equals(List.of(4)));
        admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(8))).all().get();
        until("grown topic picked up", () -> sizes(members).equals(List.of(8)));
        members.get(0).consumer.close();
        long committed = of(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .values().stream().mapToLong(o -> o.offset()).sum();
        equal(committed, 400L, "committed offsets");
        check(of(admin.listGroups().all()).stream().anyMatch(g -> g.groupId().equals(group)), "group listed");
        admin.deleteConsumerGroupOffsets(group, Set.of(new TopicPartition(topic, 0))).all().get();
        admin.deleteConsumerGroups(List.of(group)).all().get();
    }

    static void killedMemberWithCooperativeSticky() throws Exception {
        String topic = name("coop");
        String group = name("g");
        create(topic, 6, Map.of());
        Process victim = new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"), "-cp", System.getProperty("java.class.path"), "Suite",
            servers, group, topic).inheritIO().start();
        try {
            String cooperative = CooperativeStickyAssignor.class.getName();
            List<Member> members = List.of(new Member(group, topic, cooperative), new Member(group, topic, cooperative));
            until("three members own two each", () -> sizes(members).equals(List.of(2, 2)));
            long calm = System.nanoTime() + 2_000_000_000L;
            until("calm", () -> sizes(members) != null && System.nanoTime() > calm);
            equal(sizes(members), List.of(2, 2), "stable before the crash");
            List<Set<Integer>> before = List.of(new HashSet<>(members.get(0).owned), new HashSet<>(members.get(1).owned));
            members.forEach(m -> m.revoked.clear());
            victim.destroyForcibly();
            until("the dead member's partitions move", () -> sizes(members).equals(List.of(3, 3)));
            for (int i = 0; i < 2; i++) {
                check(members.get(i).owned.containsAll(before.get(i)), "a living member lost a partition in the crash");
                equal(members.get(i).revoked, Set.of(), "only the dead member's partitions move");
                members.get(i).consumer.close();
            }
        } finally {
            victim.destroyForcibly();
        }
    }

    /** A static member that comes back within its session keeps its partitions without a rebalance. */
    static void staticMember() throws Exception {
        String topic = name("static");
        String group = name("g");
        create(topic, 4, Map.of());
        Member stays = new Member(group, topic, null, "one");
        Member returns = new Member(group, topic, null, "two");
        List<Member> members = new ArrayList<>(List.of(stays, returns));
        until("two static members own two each", () -> sizes(members).equals(List.of(2, 2)));
        Set<Integer> owned = new HashSet<>(returns.owned);
        long before = stays.assignments;
        returns.consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ofSeconds(1)));
        members.set(1, new Member(group, topic, null, "two"));
        until("the static member is back", () -> sizes(members).equals(List.of(2, 2)));
        equal(members.get(1).owned, owned, "partitions of a static member that came back");
        equal(stays.assignments, before, "rebalances that the other member saw");
        members.forEach(m -> m.consumer.close());
    }

    static final class Member implements ConsumerRebalanceListener {
        final KafkaConsumer<String, String> consumer;
        final Set<Integer> owned = new HashSet<>();
        final Set<Integer> revoked = new HashSet<>();
        final List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long assignments;

        Member(String group, String topic) {
            this(group, topic, null);
        }

        Member(String group, String topic, String assignor) {
            this(group, topic, assignor, null);
        }

        Member(String group, String topic, String assignor, String instance) {
            Map<String, Object> more = new HashMap<>(Map.of(
                "group.id", group, "session.timeout.ms", "6000", "heartbeat.interval.ms", "500", "metadata.max.age.ms", "1000"));
            if (assignor != null) {
                more.put("partition.assignment.strategy", assignor);
            }
            if (instance != null) {
                more.put("group.instance.id", instance);
            }
            consumer = consumer(more);
            consumer.subscribe(List.of(topic), this);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assignments++;
            rebalances++;
            partitions.forEach(p -> owned.add(p.partition()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(p -> {
                owned.remove(p.partition());
                revoked.add(p.partition());
            });
        }

        void poll() {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(20))) {
                records.add(record);
                consumed++;
            }
        }
    }

    static List<Integer> sizes(List<Member> members) {
        members.forEach(Member::poll);
        return members.stream().map(m -> m.owned.size()).sorted().toList();
    }

    static int read(List<Member> members) {
        return members.stream().mapToInt(m -> m.records.size()).sum();
    }

    static KafkaProducer<String, String> producer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", servers);
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> consumer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", servers);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    static void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs))).all().get();
        until("topic described", () -> {
            try {
                admin.describeTopics(List.of(topic)).allTopicNames().get();
                return true;
            } catch (InterruptedException | ExecutionException e) {
                return false;
            }
        });
    }

    static Config config(ConfigResource resource) {
        return of(admin.describeConfigs(List.of(resource)).all()).get(resource);
    }

    static <T> T of(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException | ExecutionException e) {
            check(false, "call failed: " + e);
            return null;
        }
    }

    static void refused(Future<?> future, Class<?> wanted) throws InterruptedException {
        try {
            future.get();
            check(false, "accepted, wanted " + wanted.getSimpleName());
        } catch (ExecutionException e) {
            equal(e.getCause().getClass(), wanted, "refusal");
        }
    }

    static void until(String words, BooleanSupplier holds) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (!holds.getAsBoolean()) {
            check(System.nanoTime() < end, "not within 60 s: " + words);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                check(false, "interrupted");
            }
        }
    }

    static String name(String kind) {
        return kind + "-" + UUID.randomUUID().toString().substring(0, 8);
    }

    static void equal(Object found, Object wanted, String words) {
        check(wanted.equals(found), words + ": found " + found + ", wanted " + wanted);
    }

    static void check(boolean holds, String words) {
        if (!holds) {
            System.err.println("FAILED: " + words);
            Runtime.getRuntime().halt(1);
        }
    }
}
