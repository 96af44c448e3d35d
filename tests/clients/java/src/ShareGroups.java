import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Apache Kafka's own Java share consumer (KIP-932). */
public final class ShareGroups {
    public static void main(String[] arguments) throws Exception {
        Suite.servers = arguments[0];
        Thread deadline = new Thread(() -> {
            try {
                Thread.sleep(240_000);
            } catch (InterruptedException e) {
                return;
            }
            Suite.check(false, "the suite took over 240 s");
        });
        deadline.setDaemon(true);
        deadline.start();
        Suite.admin = Admin.create(Map.of("bootstrap.servers", Suite.servers));
        implicitAcknowledgement();
        releaseAndReject();
        deliveryLimit();
        lockTimeout();
        renewal();
        twoConsumers();
        leavesWithoutAcknowledging();
        readCommitted();
        recordLimit();
        offsetsOfGroups();
        deadLetters();
        Suite.admin.close();
        Suite.check(Suite.produced > 0 && Suite.consumed > 0, "the suite did nothing");
        System.out.printf("SUITE java-share-groups produced=%d consumed=%d rebalances=0%n", Suite.produced, Suite.consumed);
    }

    /** Each poll acknowledges what the one before gave out. */
    static void implicitAcknowledgement() throws Exception {
        String topic = topic(3);
        String group = group(Map.of());
        produce(topic, 0, 300);
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, Map.of())) {
            Map<String, Integer> read = new TreeMap<>();
            Suite.until("all records are read", () -> count(poll(consumer), read).size() == 300);
            consumer.commitSync();
            ShareGroupDescription described = Suite.of(Suite.admin.describeShareGroups(List.of(group)).all()).get(group);
            Suite.equal(described.groupState(), GroupState.STABLE, "state");
            Suite.equal(described.members().size(), 1, "members described");
            Suite.equal(described.members().iterator().next().assignment().topicPartitions().size(), 3, "partitions of the member");
            Suite.check(Suite.of(Suite.admin.listGroups().all()).stream().anyMatch(
                g -> g.groupId().equals(group) && g.type().get() == GroupType.SHARE), "group listed");
            Suite.equal(read.values().stream().mapToInt(it -> it).max().getAsInt(), 1, "deliveries of a record");
        }
        // Who comes later finds nothing but what is new.
        produce(topic, 300, 10);
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, Map.of())) {
            Map<String, Integer> read = new TreeMap<>();
            Suite.until("the new records are read", () -> count(poll(consumer), read).size() == 10);
            Suite.equal(read.keySet(), values(300, 10), "records of the second consumer");
        }
    }

    /** A released record comes again and is counted; a rejected one does not. */
    static void releaseAndReject() throws Exception {
        String topic = topic(1);
        String group = group(Map.of());
        produce(topic, 0, 3);
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, explicit())) {
            List<ConsumerRecord<String, String>> first = take(consumer, 3);
            Suite.equal(first.stream().map(r -> r.deliveryCount().get()).toList(), List.of((short) 1, (short) 1, (short) 1), "first delivery counts");
            consumer.acknowledge(first.get(0), AcknowledgeType.ACCEPT);
            consumer.acknowledge(first.get(1), AcknowledgeType.RELEASE);
            consumer.acknowledge(first.get(2), AcknowledgeType.REJECT);
            committed(consumer);
            List<ConsumerRecord<String, String>> second = take(consumer, 1);
            Suite.equal(second.get(0).offset(), 1L, "offset of the released record");
            Suite.equal(second.get(0).deliveryCount().get(), (short) 2, "second delivery count");
            consumer.acknowledge(second.get(0), AcknowledgeType.ACCEPT);
            committed(consumer);
            Suite.equal(poll(consumer).size(), 0, "records after all are decided");
        }
    }

    /** After as many deliveries as the group allows a record is given up. */
    static void deliveryLimit() throws Exception {
        String topic = topic(1);
        String group = group(Map.of("share.delivery.count.limit", "2"));
        produce(topic, 0, 1);
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, explicit())) {
            for (short delivery = 1; delivery <= 2; delivery++) {
                ConsumerRecord<String, String> record = take(consumer, 1).get(0);
                Suite.equal(record.deliveryCount().get(), delivery, "delivery count");
                consumer.acknowledge(record, AcknowledgeType.RELEASE);
                committed(consumer);
            }
            produce(topic, 1, 1);
            ConsumerRecord<String, String> next = take(consumer, 1).get(0);
            Suite.equal(next.offset(), 1L, "the record after the one that was given up");
            consumer.acknowledge(next);
            committed(consumer);
        }
    }

    /** A record that its consumer keeps for too long goes to another one. */
    static void lockTimeout() throws Exception {
        String topic = topic(1);
        String group = group(Map.of("share.record.lock.duration.ms", "2000"));
        produce(topic, 0, 1);
        try (KafkaShareConsumer<String, String> slow = consumer(group, topic, explicit());
            KafkaShareConsumer<String, String> other = consumer(group, topic, explicit())) {
            ConsumerRecord<String, String> kept = take(slow, 1).get(0);
            Suite.equal(slow.acquisitionLockTimeoutMs().get(), 2000, "lock duration");
            ConsumerRecord<String, String> taken = take(other, 1).get(0);
            Suite.equal(taken.offset(), kept.offset(), "the record whose lock ended");
            Suite.equal(taken.deliveryCount().get(), (short) 2, "delivery count after a lock ended");
            slow.acknowledge(kept);
            Suite.check(slow.commitSync().values().stream().anyMatch(error -> error.isPresent()), "an acknowledgement that comes too late is refused");
            other.acknowledge(taken);
            committed(other);
        }
    }

    /** A consumer that asks for more time keeps its record. */
    static void renewal() throws Exception {
        String topic = topic(1);
        String group = group(Map.of("share.record.lock.duration.ms", "3000"));
        produce(topic, 0, 1);
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, explicit())) {
            ConsumerRecord<String, String> record = take(consumer, 1).get(0);
            for (int i = 0; i < 3; i++) {
                Thread.sleep(1500);
                consumer.acknowledge(record, AcknowledgeType.RENEW);
                committed(consumer);
                poll(consumer);
            }
            consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            committed(consumer);
        }
    }

    /** Two consumers work on one partition, and each record is worked on once. */
    static void twoConsumers() throws Exception {
        String topic = topic(1);
        String group = group(Map.of());
        Map<String, Object> few = new HashMap<>(Map.of("max.poll.records", "10"));
        try (KafkaShareConsumer<String, String> one = consumer(group, topic, few);
            KafkaShareConsumer<String, String> two = consumer(group, topic, few)) {
            Suite.until("both are assigned", () -> {
                poll(one);
                poll(two);
                return Suite.of(Suite.admin.describeShareGroups(List.of(group)).all()).get(group).members().stream()
                    .filter(m -> m.assignment().topicPartitions().size() == 1).count() == 2;
            });
            for (int batch = 0; batch < 40; batch++) {
                produce(topic, batch * 10, 10);
            }
            Map<String, Integer> ofOne = new TreeMap<>();
            Map<String, Integer> ofTwo = new TreeMap<>();
            Suite.until("all records are read", () ->
                count(poll(one), ofOne).size() + count(poll(two), ofTwo).size() >= 400);
            Suite.check(!ofOne.isEmpty() && !ofTwo.isEmpty(), "both consumers have read: " + ofTwo.size() + " of 400");
            Set<String> all = new java.util.TreeSet<>(ofOne.keySet());
            all.addAll(ofTwo.keySet());
            Suite.equal(all, values(0, 400), "records that were read");
        }
    }

    /** What a consumer had not acknowledged when it closed is there for the next. */
    static void leavesWithoutAcknowledging() throws Exception {
        String topic = topic(1);
        String group = group(Map.of());
        produce(topic, 0, 5);
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, explicit())) {
            take(consumer, 5).forEach(r -> consumer.acknowledge(r, AcknowledgeType.RELEASE));
        }
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, explicit())) {
            List<ConsumerRecord<String, String>> again = take(consumer, 5);
            again.forEach(r -> consumer.acknowledge(r, AcknowledgeType.ACCEPT));
            committed(consumer);
        }
    }

    /** A group of committed readers sees nothing of an aborted transaction. */
    static void readCommitted() throws Exception {
        String topic = topic(1);
        String group = group(Map.of("share.isolation.level", "read_committed"));
        try (KafkaProducer<String, String> producer = Suite.producer(Map.of("transactional.id", Suite.name("t")))) {
            producer.initTransactions();
            for (int round = 0; round < 4; round++) {
                producer.beginTransaction();
                for (int i = 0; i < 10; i++) {
                    producer.send(new ProducerRecord<>(topic, null, "v" + (round * 10 + i)));
                }
                producer.flush();
                if (round % 2 == 0) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
            Suite.produced += 40;
        }
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, Map.of())) {
            Map<String, Integer> read = new TreeMap<>();
            Suite.until("all committed records are read", () -> count(poll(consumer), read).size() >= 20);
            Set<String> wanted = values(10, 10);
            wanted.addAll(values(30, 10));
            Suite.equal(read.keySet(), wanted, "records read committed");
        }
    }

    /** With the acquire mode record_limit nobody gets more than it asked for. */
    static void recordLimit() throws Exception {
        String topic = topic(1);
        String group = group(Map.of());
        produce(topic, 0, 100);
        Map<String, Object> more = new HashMap<>(Map.of("share.acquire.mode", "record_limit", "max.poll.records", "7"));
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, more)) {
            Map<String, Integer> read = new TreeMap<>();
            Suite.until("all records are read", () -> {
                List<ConsumerRecord<String, String>> records = poll(consumer);
                Suite.check(records.size() <= 7, "a poll has " + records.size() + " records");
                return count(records, read).size() == 100;
            });
        }
    }

    /** Admins see where a group stands, set it anew, and take it away. */
    static void offsetsOfGroups() throws Exception {
        String topic = topic(1);
        String group = group(Map.of());
        TopicPartition partition = new TopicPartition(topic, 0);
        produce(topic, 0, 20);
        KafkaShareConsumer<String, String> consumer = consumer(group, topic, explicit());
        List<ConsumerRecord<String, String>> records = take(consumer, 20);
        for (ConsumerRecord<String, String> record : records) {
            consumer.acknowledge(record, record.offset() < 5 || record.offset() == 9 ? AcknowledgeType.ACCEPT : AcknowledgeType.RELEASE);
        }
        committed(consumer);
        // The start is written down with the next decision, the count of what is decided with this one.
        Suite.check(offset(group, partition).startOffset() <= 5L, "start offset");
        Suite.equal(offset(group, partition).lag().get(), 14L, "lag");
        Suite.refused(Suite.admin.alterShareGroupOffsets(group, Map.of(partition, 0L)).all().toCompletionStage().toCompletableFuture(), GroupNotEmptyException.class);
        consumer.close();
        Suite.until("the group is empty", () ->
            Suite.of(Suite.admin.describeShareGroups(List.of(group)).all()).get(group).groupState() == GroupState.EMPTY);
        Suite.of(Suite.admin.alterShareGroupOffsets(group, Map.of(partition, 2L)).all());
        Suite.equal(offset(group, partition).startOffset(), 2L, "altered start offset");
        try (KafkaShareConsumer<String, String> again = consumer(group, topic, Map.of())) {
            Map<String, Integer> read = new TreeMap<>();
            Suite.until("records from the new offset on", () -> count(poll(again), read).size() == 18);
            Suite.equal(read.keySet(), values(2, 18), "records after the offsets were altered");
        }
        Suite.until("the group is empty again", () ->
            Suite.of(Suite.admin.describeShareGroups(List.of(group)).all()).get(group).groupState() == GroupState.EMPTY);
        Suite.of(Suite.admin.deleteShareGroupOffsets(group, Set.of(topic)).all());
        Suite.check(offset(group, partition) == null || offset(group, partition).startOffset() < 0, "no offset is left");
        Suite.of(Suite.admin.deleteShareGroups(List.of(group)).all());
        Suite.check(Suite.of(Suite.admin.listGroups().all()).stream().noneMatch(g -> g.groupId().equals(group)), "the group is gone");
    }

    /** Records that are given up come to the group's dead-letter topic, with where they were and why (KIP-1191). */
    static void deadLetters() throws Exception {
        String topic = topic(1);
        String dead = "dlq." + topic;
        Suite.create(dead, 1, Map.of("errors.deadletterqueue.group.enable", "true"));
        String group = group(Map.of("errors.deadletterqueue.topic.name", dead,
            "errors.deadletterqueue.copy.record.enable", "true", "share.delivery.count.limit", "2"));
        produce(topic, 0, 4);
        try (KafkaShareConsumer<String, String> consumer = consumer(group, topic, explicit())) {
            for (ConsumerRecord<String, String> record : take(consumer, 4)) {
                consumer.acknowledge(record, record.offset() == 0 ? AcknowledgeType.ACCEPT
                    : record.offset() == 1 ? AcknowledgeType.REJECT : AcknowledgeType.RELEASE);
            }
            committed(consumer);
            for (ConsumerRecord<String, String> record : take(consumer, 2)) {
                consumer.acknowledge(record, record.offset() == 2 ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT);
            }
            committed(consumer);
        }
        List<String> letters = new ArrayList<>();
        try (KafkaConsumer<String, String> reader = new KafkaConsumer<>(
            Map.of("bootstrap.servers", Suite.servers), new StringDeserializer(), new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(dead, 0);
            reader.assign(List.of(partition));
            reader.seekToBeginning(List.of(partition));
            Suite.until("both dead letters are there", () -> {
                reader.poll(Duration.ofMillis(200)).forEach(letter -> {
                    StringBuilder line = new StringBuilder(letter.value());
                    letter.headers().forEach(header -> line.append(' ').append(header.key().replace("__dlq.errors.", "")).append('=')
                        .append(new String(header.value(), StandardCharsets.UTF_8)));
                    letters.add(line.toString());
                });
                return letters.size() >= 2;
            });
        }
        String where = " topic=" + topic + " partition=0 offset=";
        Suite.equal(letters, List.of(
            "v1" + where + "1 group=" + group + " delivery.count=1 message=Offset rejected by client.",
            "v2" + where + "2 group=" + group + " delivery.count=2 message=Offset delivery count exceeded the threshold."),
            "dead letters");
        Suite.until("the group goes on behind them", () -> offset(group, new TopicPartition(topic, 0)).lag().get() == 0L);
    }

    static SharePartitionOffsetInfo offset(String group, TopicPartition partition) {
        return Suite.of(Suite.admin.listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec())).partitionsToOffsetInfo(group)).get(partition);
    }

    static String topic(int partitions) throws Exception {
        String topic = Suite.name("share");
        Suite.create(topic, partitions, Map.of());
        return topic;
    }

    /** A new group that begins at the start of its topics. */
    static String group(Map<String, String> more) throws Exception {
        String group = Suite.name("sg");
        Map<String, String> configs = new HashMap<>(more);
        configs.put("share.auto.offset.reset", "earliest");
        List<AlterConfigOp> set = configs.entrySet().stream()
            .map(e -> new AlterConfigOp(new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET)).toList();
        Suite.admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), set)).all().get();
        return group;
    }

    static void produce(String topic, int first, int count) {
        try (KafkaProducer<String, String> producer = Suite.producer(Map.of())) {
            for (int i = first; i < first + count; i++) {
                producer.send(new ProducerRecord<>(topic, null, "v" + i));
            }
        }
        Suite.produced += count;
    }

    static Set<String> values(int first, int count) {
        Set<String> values = new java.util.TreeSet<>();
        for (int i = first; i < first + count; i++) {
            values.add("v" + i);
        }
        return values;
    }

    static Map<String, Object> explicit() {
        return Map.of("share.acknowledgement.mode", "explicit");
    }

    static KafkaShareConsumer<String, String> consumer(String group, String topic, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", Suite.servers);
        config.put("group.id", group);
        KafkaShareConsumer<String, String> consumer =
            new KafkaShareConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic));
        return consumer;
    }

    static List<ConsumerRecord<String, String>> poll(KafkaShareConsumer<String, String> consumer) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        consumer.poll(Duration.ofMillis(500)).forEach(records::add);
        Suite.consumed += records.size();
        return records;
    }

    /** Polls once: with explicit acknowledgements the next poll is refused until all records are decided. */
    static List<ConsumerRecord<String, String>> take(KafkaShareConsumer<String, String> consumer, int count) {
        List<ConsumerRecord<String, String>> taken = new ArrayList<>();
        Suite.until(count + " records come together", () -> {
            taken.addAll(poll(consumer));
            return !taken.isEmpty();
        });
        Suite.equal(taken.size(), count, "records of a poll");
        return taken;
    }

    static Map<String, Integer> count(List<ConsumerRecord<String, String>> records, Map<String, Integer> read) {
        records.forEach(r -> read.merge(r.value(), 1, Integer::sum));
        return read;
    }

    static void committed(KafkaShareConsumer<String, String> consumer) {
        consumer.commitSync().forEach((partition, error) -> Suite.check(error.isEmpty(), "commit of " + partition + " failed: " + error));
    }
}
