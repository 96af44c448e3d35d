import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.tools.DumpLogSegments;

/**
 * A client that lives on while the broker behind its address changes: {@code Takeover HOST:PORT}.
 *
 * Reads a command per line, prints what it found, and a line with one dot; after {@code !} what went wrong instead.
 */
public final class Takeover {
    private final String address;
    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();
    /** Of groups, each of which stays. */
    private final List<KafkaConsumer<byte[], byte[]>> members = new ArrayList<>();
    private Admin admin;
    private Load load;

    private Takeover(String address) {
        this.address = address;
    }

    public static void main(String[] arguments) throws Exception {
        Takeover takeover = new Takeover(arguments[0]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try {
                takeover.run(line.split(" "));
            } catch (Exception error) {
                Throwable cause = error instanceof ExecutionException ? error.getCause() : error;
                System.out.println("! " + cause);
            }
            System.out.println(".");
        }
        // Producers in the middle of something would wait for it.
        Runtime.getRuntime().halt(0);
    }

    private void run(String[] words) throws Exception {
        switch (words[0]) {
            case "topic" -> topic(words);
            case "send" -> send(words[1], words[2], Integer.parseInt(words[3]));
            case "odd" -> odd(words[1]);
            case "same-key" -> sameKey(words[1], Integer.parseInt(words[2]));
            case "transactions" -> transactions(words[1], words[2], Integer.parseInt(words[3]));
            case "open" -> open(words[1], words[2]);
            case "commit" -> producers.get(words[1]).commitTransaction();
            case "read" -> read(words[1], words[2]);
            case "group" -> group(words[1], words[2], words[3], Integer.parseInt(words[4]));
            case "forget" -> forget(words[1], words[2]);
            case "secure" -> secure();
            case "alter" -> alter(ConfigResource.Type.TOPIC, words[1], words[2], words[3]);
            case "share" -> share(words[1], words[2]);
            case "work" -> work(words[1], words[2], Integer.parseInt(words[3]));
            case "stands" -> stands(words[1]);
            case "group-config" -> alter(ConfigResource.Type.GROUP, words[1], words[2], words[3]);
            case "offsets" -> offsets(words[1]);
            case "partitions" ->
                admin().createPartitions(Map.of(words[1], NewPartitions.increaseTo(Integer.parseInt(words[2])))).all().get();
            case "delete" -> admin().deleteTopics(List.of(words[1])).all().get();
            case "delete-records" -> admin().deleteRecords(Map.of(new TopicPartition(words[1], 0),
                RecordsToDelete.beforeOffset(Long.parseLong(words[2])))).all().get();
            case "quorum" -> quorum();
            case "join" -> join(words[1], words[2], words[3]);
            case "load" -> load(words[1]);
            case "end-load" -> endLoad();
            case "once" -> once(words[1], Integer.parseInt(words[2]));
            case "finalized" -> new TreeMap<>(admin().describeFeatures().featureMetadata().get().finalizedFeatures())
                .forEach((name, range) -> System.out.println(name + " " + range.maxVersionLevel()));
            case "facts" -> facts();
            case "dump" -> DumpLogSegments.main(Arrays.copyOfRange(words, 1, words.length));
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private Admin admin() {
        if (admin == null) {
            admin = Admin.create(Map.of("bootstrap.servers", address, "default.api.timeout.ms", "30000"));
        }
        return admin;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", address);
        properties.put("key.serializer", ByteArraySerializer.class.getName());
        properties.put("value.serializer", ByteArraySerializer.class.getName());
        properties.put("key.deserializer", ByteArrayDeserializer.class.getName());
        properties.put("value.deserializer", ByteArrayDeserializer.class.getName());
        return properties;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** topic NAME PARTITIONS NAME=VALUE… */
    private void topic(String[] words) throws Exception {
        NewTopic topic = new NewTopic(words[1], Integer.parseInt(words[2]), (short) 1);
        Map<String, String> configs = new HashMap<>();
        for (int at = 3; at < words.length; at++) {
            String[] parts = words[at].split("=", 2);
            configs.put(parts[0], parts[1]);
        }
        admin().createTopics(List.of(topic.configs(configs))).all().get();
    }

    private KafkaProducer<byte[], byte[]> producer(String name, Map<String, String> more) {
        return producers.computeIfAbsent(name, ignored -> {
            Properties properties = properties();
            properties.put("linger.ms", "5");
            properties.putAll(more);
            return new KafkaProducer<>(properties);
        });
    }

    /** An idempotent producer of this name, which lives as long as this program. */
    private void send(String name, String topic, int count) throws Exception {
        KafkaProducer<byte[], byte[]> producer = producer(name, Map.of());
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            sent.add(producer.send(new ProducerRecord<>(topic, bytes(name), bytes("value " + at))));
        }
        long last = -1;
        for (Future<RecordMetadata> one : sent) {
            last = one.get().offset();
        }
        System.out.println(last);
    }

    /** Records with headers, without key, without value, and empty ones. */
    private void odd(String topic) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties())) {
            long first = System.currentTimeMillis() - 3_600_000;
            for (int at = 0; at < 50; at++) {
                RecordHeaders headers = new RecordHeaders();
                for (int header = 0; header < at % 4; header++) {
                    headers.add("h" + header, header == 2 ? null : bytes("header " + at));
                }
                byte[] key = at % 3 == 0 ? null : at % 3 == 1 ? new byte[0] : bytes("key " + at);
                byte[] value = at % 5 == 0 ? null : at % 5 == 1 ? new byte[0] : bytes("value " + at);
                producer.send(new ProducerRecord<>(topic, at % 2, first + 1_000L * at, key, value, headers)).get();
            }
        }
    }

    /** Each by a producer of its own, so that compaction leaves batches without records. */
    private void sameKey(String topic, int count) throws Exception {
        for (int at = 0; at < count; at++) {
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(properties())) {
                producer.send(new ProducerRecord<>(topic, 0, bytes("key"), bytes("value " + at))).get();
            }
            Thread.sleep(120);
        }
    }

    /** Every third one is aborted, and every second commits offsets of a group, too. */
    @SuppressWarnings("removal")
    private void transactions(String id, String topic, int count) throws Exception {
        Map<String, String> more = Map.of("transactional.id", id);
        try (KafkaProducer<byte[], byte[]> producer = producer("transactions", more)) {
            producer.initTransactions();
            for (int at = 0; at < count; at++) {
                producer.beginTransaction();
                for (int record = 0; record < 20; record++) {
                    producer.send(new ProducerRecord<>(topic, bytes("key " + record), bytes(at + " of " + record)));
                }
                if (at % 2 == 0) {
                    Map<TopicPartition, OffsetAndMetadata> offsets = Map.of(
                        new TopicPartition(topic, 0), new OffsetAndMetadata(at),
                        new TopicPartition(topic, 1), new OffsetAndMetadata(at));
                    producer.sendOffsetsToTransaction(offsets,
                        new ConsumerGroupMetadata("of-" + id));
                }
                if (at % 3 == 1) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        } finally {
            producers.remove("transactions");
        }
    }

    /** Begins a transaction and leaves it open. */
    private void open(String id, String topic) throws Exception {
        KafkaProducer<byte[], byte[]> producer = producer(id, Map.of("transactional.id", id));
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(topic, bytes("key"), bytes("in an open transaction"))).get();
    }

    /** How many records there are for this isolation, with a checksum of all that is in them. */
    private void read(String isolation, String topic) {
        Properties properties = properties();
        properties.put("isolation.level", isolation);
        properties.put("auto.offset.reset", "earliest");
        CRC32 sum = new CRC32();
        int count = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .sorted((one, other) -> one.partition() - other.partition()).toList();
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                long until = System.nanoTime() + 30_000_000_000L;
                while (consumer.position(partition) < end && System.nanoTime() < until) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                        count += 1;
                        sum.update(bytes(text(record)));
                    }
                }
                if (consumer.position(partition) < end) {
                    throw new IllegalStateException(partition + " is read to " + consumer.position(partition) + " of " + end);
                }
            }
        }
        System.out.println(topic + " " + isolation + ": " + count + " records, " + Long.toHexString(sum.getValue()));
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        StringBuilder text = new StringBuilder();
        text.append(record.partition()).append(' ').append(record.offset()).append(' ');
        text.append(record.timestampType()).append(' ').append(record.timestamp()).append(' ');
        text.append(part(record.key())).append(' ').append(part(record.value()));
        for (Header header : record.headers()) {
            text.append(' ').append(header.key()).append('=').append(part(header.value()));
        }
        return text.append('\n').toString();
    }

    private static String part(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Reads on with a group, under the old protocol ({@code classic}) or the new one ({@code consumer}), and commits. */
    private void group(String protocol, String group, String topic, int count) {
        Properties properties = properties();
        properties.put("group.id", group);
        properties.put("group.protocol", protocol);
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", "false");
        properties.put("max.poll.records", Integer.toString(count));
        List<String> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            consumer.subscribe(List.of(topic));
            long until = System.nanoTime() + 60_000_000_000L;
            while (found.size() < count && System.nanoTime() < until) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(500));
                Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (found.size() < count) {
                        found.add(record.partition() + "/" + record.offset());
                        offsets.put(new TopicPartition(topic, record.partition()),
                            new OffsetAndMetadata(record.offset() + 1, "by " + protocol));
                    }
                }
                if (!offsets.isEmpty()) {
                    consumer.commitSync(offsets);
                }
            }
        }
        found.forEach(System.out::println);
    }

    /** A share group reads something, and acknowledges it. */
    private void share(String group, String topic) throws Exception {
        alter(ConfigResource.Type.GROUP, group, "share.auto.offset.reset", "earliest");
        Properties properties = properties();
        properties.put("group.id", group);
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(properties)) {
            consumer.subscribe(List.of(topic));
            long until = System.nanoTime() + 60_000_000_000L;
            while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException("nothing to read");
                }
            }
            consumer.commitSync();
        }
    }

    /**
     * A member of a share group works on so many records at least, and prints each with how often it was delivered and what it
     * said of it: it releases each fifth at first, rejects each seventh, and accepts the others.
     */
    private void work(String group, String topic, int count) throws Exception {
        Properties properties = properties();
        properties.put("group.id", group);
        properties.put("share.acknowledgement.mode", "explicit");
        properties.put("share.acquire.mode", "record_limit");
        properties.put("max.poll.records", "20");
        int worked = 0;
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(properties)) {
            consumer.subscribe(List.of(topic));
            long until = System.nanoTime() + 60_000_000_000L;
            while (worked < count) {
                if (System.nanoTime() > until) {
                    throw new IllegalStateException("only " + worked + " records came");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    short deliveries = record.deliveryCount().get();
                    AcknowledgeType type = record.offset() % 5 == 4 && deliveries < 3 ? AcknowledgeType.RELEASE
                        : record.offset() % 7 == 6 ? AcknowledgeType.REJECT : AcknowledgeType.ACCEPT;
                    consumer.acknowledge(record, type);
                    System.out.println(record.partition() + " " + record.offset() + " " + deliveries + " " + type);
                    worked++;
                }
                consumer.commitSync().forEach((partition, error) -> error.ifPresent(why -> {
                    throw new IllegalStateException(partition + " is not committed: " + why);
                }));
            }
        }
    }

    /** Where a share group stands. */
    private void stands(String group) throws Exception {
        new TreeMap<>(admin().listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
            .partitionsToOffsetInfo(group).get().entrySet().stream()
            .filter(entry -> entry.getValue() != null)
            .collect(Collectors.toMap(entry -> entry.getKey().toString(),
                entry -> entry.getValue().startOffset() + " lag " + entry.getValue().lag().orElse(-1L))))
            .forEach((partition, line) -> System.out.println(partition + " " + line));
    }

    private void offsets(String group) throws Exception {
        Map<String, String> offsets = new TreeMap<>();
        admin().listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().forEach((partition, offset) ->
            offsets.put(partition.toString(), offset == null ? "none" : offset.offset() + " '" + offset.metadata() + "'"));
        System.out.println("offsets " + group + " " + offsets);
    }

    /** A member that joins, reads and commits, and stays. */
    private void join(String protocol, String group, String topic) {
        Properties properties = properties();
        properties.put("group.id", group);
        properties.put("group.protocol", protocol);
        properties.put("auto.offset.reset", "earliest");
        properties.put("max.poll.records", "10");
        KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties);
        members.add(consumer);
        consumer.subscribe(List.of(topic));
        long until = System.nanoTime() + 60_000_000_000L;
        while (consumer.poll(Duration.ofMillis(200)).isEmpty()) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("nothing to read");
            }
        }
        consumer.commitSync();
    }

    /** Sends numbers until it is told to stop, whatever becomes of the broker; none may be lost or doubled. */
    private void load(String topic) {
        load = new Load(producer("load", Map.of("compression.type", "lz4", "batch.size", "4000")), topic);
        load.start();
    }

    private void endLoad() throws Exception {
        load.ended = true;
        load.join();
        for (Future<RecordMetadata> one : load.sent) {
            one.get();
        }
        System.out.println(load.sent.size());
    }

    private static final class Load extends Thread {
        final List<Future<RecordMetadata>> sent = new ArrayList<>();
        private final KafkaProducer<byte[], byte[]> producer;
        private final String topic;
        volatile boolean ended;

        Load(KafkaProducer<byte[], byte[]> producer, String topic) {
            this.producer = producer;
            this.topic = topic;
        }

        @Override
        public void run() {
            for (int at = 0; !ended; at++) {
                StringBuilder value = new StringBuilder(String.format("%08d", at));
                new java.util.Random(at).ints(at % 300, 'a', 'z' + 1).forEach(letter -> value.append((char) letter));
                sent.add(producer.send(new ProducerRecord<>(topic, at % 2, null, bytes(value.toString()))));
                if (at % 20 == 0) {
                    java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
                }
            }
        }
    }

    /** Each number below {@code count} is there, once. */
    private void once(String topic, int count) {
        Properties properties = properties();
        java.util.BitSet found = new java.util.BitSet();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long until = System.nanoTime() + 60_000_000_000L;
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one)) && System.nanoTime() < until) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    int number = Integer.parseInt(part(record.value()).substring(0, 8));
                    if (found.get(number)) {
                        throw new IllegalStateException(number + " is there twice");
                    }
                    found.set(number);
                }
            }
        }
        if (found.cardinality() != count || found.length() != count) {
            throw new IllegalStateException(found.cardinality() + " of " + count + ", and not " + found.nextClearBit(0));
        }
    }

    /** Who votes, and how it is reached. */
    private void quorum() throws Exception {
        QuorumInfo quorum = admin().describeMetadataQuorum().quorumInfo().get();
        quorum.voters().forEach(voter ->
            System.out.println("voter " + voter.replicaId() + " " + voter.replicaDirectoryId()));
        quorum.nodes().values().forEach(node -> System.out.println("node " + node.nodeId() + " " + node.endpoints()));
    }

    /** Takes a group's offsets away: tombstones. */
    private void forget(String group, String topic) throws Exception {
        admin().deleteConsumerGroupOffsets(group, Set.of(new TopicPartition(topic, 0))).all().get();
    }

    /** What only Apache Kafka can make so far: credentials, quotas, access control, settings of all brokers and of one. */
    private void secure() throws Exception {
        ScramCredentialInfo info = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096);
        admin().alterUserScramCredentials(List.of(new UserScramCredentialUpsertion("alice", info, "secret"))).all().get();
        ClientQuotaEntity entity = new ClientQuotaEntity(Map.of("user", "alice", "client-id", "reader"));
        ClientQuotaAlteration.Op quota = new ClientQuotaAlteration.Op("consumer_byte_rate", 1234567.0);
        admin().alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(quota)))).all().get();
        ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, "secret-", PatternType.PREFIXED);
        AccessControlEntry entry =
            new AccessControlEntry("User:alice", "*", AclOperation.READ, AclPermissionType.ALLOW);
        admin().createAcls(List.of(new AclBinding(pattern, entry))).all().get();
        alter(ConfigResource.Type.BROKER, "", "log.retention.ms", "123456789");
        alter(ConfigResource.Type.BROKER, "1", "log.cleaner.threads", "2");
        alter(ConfigResource.Type.TOPIC, "__consumer_offsets", "segment.ms", "100");
    }

    private void alter(ConfigResource.Type type, String name, String key, String value) throws Exception {
        AlterConfigOp operation = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = Map.of(new ConfigResource(type, name), List.of(operation));
        admin().incrementalAlterConfigs(changes).all().get();
    }

    /** All that the metadata and the groups say, a line each, for brokers that can be asked for all of it. */
    private void facts() throws Exception {
        TreeSet<String> names = new TreeSet<>(admin().listTopics(
            new org.apache.kafka.clients.admin.ListTopicsOptions().listInternal(true)).names().get());
        Map<String, TopicDescription> topics = new TreeMap<>(admin().describeTopics(names).allTopicNames().get());
        Map<TopicPartition, OffsetSpec> first = new HashMap<>();
        Map<TopicPartition, OffsetSpec> last = new HashMap<>();
        for (TopicDescription topic : topics.values()) {
            System.out.println(topic.name() + " " + topic.topicId() + " " + topic.partitions().size());
            if (!topic.name().startsWith("__")) {
                for (int partition = 0; partition < topic.partitions().size(); partition++) {
                    first.put(new TopicPartition(topic.name(), partition), OffsetSpec.earliest());
                    last.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
                }
            }
        }
        Map<String, String> ranges = new TreeMap<>();
        admin().listOffsets(first).all().get().forEach((partition, found) -> ranges.put(partition.toString(), found.offset() + ""));
        admin().listOffsets(last).all().get()
            .forEach((partition, found) -> ranges.merge(partition.toString(), found.offset() + "", (from, to) -> from + " to " + to));
        ranges.forEach((partition, range) -> System.out.println(partition + ": " + range));
        List<ConfigResource> resources = new ArrayList<>();
        names.forEach(name -> resources.add(new ConfigResource(ConfigResource.Type.TOPIC, name)));
        resources.add(new ConfigResource(ConfigResource.Type.BROKER, ""));
        resources.add(new ConfigResource(ConfigResource.Type.BROKER, "1"));
        Map<ConfigResource, org.apache.kafka.clients.admin.Config> configs = admin().describeConfigs(resources).all().get();
        for (ConfigResource resource : resources) {
            String own = configs.get(resource).entries().stream()
                .filter(one -> one.source().toString().startsWith("DYNAMIC"))
                .map(one -> one.name() + "=" + one.value()).sorted().collect(Collectors.joining(" "));
            System.out.println(resource + " " + own);
        }
        admin().describeUserScramCredentials().all().get()
            .forEach((user, found) -> System.out.println("scram " + user + " " + found.credentialInfos()));
        admin().describeClientQuotas(ClientQuotaFilter.all()).entities().get()
            .forEach((entity, found) -> System.out.println("quota " + new TreeMap<>(entity.entries()) + " " + found));
        admin().describeAcls(AclBindingFilter.ANY).values().get().forEach(acl -> System.out.println("acl " + acl));
        new TreeMap<>(admin().describeFeatures().featureMetadata().get().finalizedFeatures())
            .forEach((name, range) -> System.out.println("feature " + name + " " + range.maxVersionLevel()));
        List<String> groups = new ArrayList<>();
        admin().listGroups().all().get().forEach(group -> groups.add(group.groupId() + " " + group.type().orElse(null)));
        groups.stream().sorted().forEach(System.out::println);
        for (String group : groups.stream().filter(group -> !group.endsWith("Share")).sorted().toList()) {
            offsets(group.split(" ")[0]);
        }
        String shared = admin().describeConfigs(List.of(new ConfigResource(ConfigResource.Type.GROUP, "sharers"))).all().get()
            .values().iterator().next().get("share.auto.offset.reset").value();
        System.out.println("sharers begin at " + shared);
    }
}
