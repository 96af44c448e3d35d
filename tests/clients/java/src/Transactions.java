import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.AbortTransactionSpec;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Transactions of Apache Kafka's own Java clients. Compiled against the newest ones, it runs with those of before version 4 too: they know
 * nothing of KIP-890, and send offsets with no more than the group's id.
 */
public final class Transactions {
    static final boolean BEFORE_4 = Arrays.stream(KafkaProducer.class.getMethods())
        .anyMatch(method -> method.getName().equals("sendOffsetsToTransaction") && method.getParameterTypes()[1] == String.class);
    static String servers;
    static Admin admin;
    static long produced;
    static long consumed;
    static long committed;
    static long aborted;

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        Thread deadline = new Thread(() -> {
            try {
                Thread.sleep(240_000);
            } catch (InterruptedException e) {
                return;
            }
            System.err.println("the suite took over 240 s");
            System.exit(1);
        });
        deadline.setDaemon(true);
        deadline.start();
        admin = Admin.create(Map.of("bootstrap.servers", servers));
        commitsAndAborts();
        zombie();
        consumeTransformProduce(false);
        if (BEFORE_4) {
            timeout();
        } else {
            abortRightAfterSend();
            manyTransactionsInARow();
            consumeTransformProduce(true);
            timeout();
            described();
        }
        admin.close();
        check(committed > 0 && aborted > 0, "the suite did nothing");
        System.out.printf("SUITE " + (BEFORE_4 ? "java-3.9-transactions" : "java-transactions") + " produced=%d consumed=%d rebalances=0 committed=%d aborted=%d%n",
            produced, consumed, committed, aborted);
    }

    /** Nothing of an open transaction is seen, nothing of an aborted one ever, all of a committed one at once. */
    static void commitsAndAborts() throws Exception {
        String topic = topic(3);
        try (KafkaProducer<String, String> producer = producer(name("t"), Map.of())) {
            producer.initTransactions();
            producer.beginTransaction();
            Set<String> first = send(producer, topic, "first", 300);
            producer.flush();
            equal(read(topic, 3, "read_committed", 0), Set.of(), "records of an open transaction");
            equal(read(topic, 3, "read_uncommitted", 300), first, "records read uncommitted");
            commit(producer);
            equal(read(topic, 3, "read_committed", 300), first, "records of a committed transaction");
            producer.beginTransaction();
            send(producer, topic, "second", 300);
            producer.flush();
            abort(producer);
            producer.beginTransaction();
            first.addAll(send(producer, topic, "third", 200));
            commit(producer);
            equal(read(topic, 3, "read_committed", 500), first, "records of two committed transactions");
            producer.beginTransaction();
            commit(producer);
            producer.beginTransaction();
            abort(producer);
        }
    }

    static void abortRightAfterSend() throws Exception {
        String topic = topic(1);
        try (KafkaProducer<String, String> producer = producer(name("t"), Map.of("linger.ms", "0"))) {
            producer.initTransactions();
            Set<String> kept = new HashSet<>();
            for (int round = 0; round < 20; round++) {
                producer.beginTransaction();
                send(producer, topic, "dropped-" + round, 3);
                abort(producer);
                producer.beginTransaction();
                kept.addAll(send(producer, topic, "kept-" + round, 3));
                commit(producer);
            }
            equal(read(topic, 1, "read_committed", kept.size()), kept, "records around aborts");
        }
    }

    static void manyTransactionsInARow() throws Exception {
        String topic = topic(4);
        long start = System.nanoTime();
        int rounds = 100;
        Set<String> kept = new HashSet<>();
        try (KafkaProducer<String, String> producer = producer(name("t"), Map.of())) {
            producer.initTransactions();
            for (int round = 0; round < rounds; round++) {
                producer.beginTransaction();
                kept.addAll(send(producer, topic, "r" + round, 100));
                commit(producer);
            }
        }
        System.err.printf("%d transactions of 100 records: %d ms%n", rounds, (System.nanoTime() - start) / 1_000_000);
        equal(read(topic, 4, "read_committed", kept.size()), kept, "records of many transactions");
    }

    /** A later life of the producer fences the earlier one, whose open transaction counts for nothing. */
    static void zombie() throws Exception {
        String topic = topic(1);
        String id = name("t");
        KafkaProducer<String, String> zombie = producer(id, Map.of());
        zombie.initTransactions();
        zombie.beginTransaction();
        send(zombie, topic, "zombie", 10);
        zombie.flush();
        try (KafkaProducer<String, String> next = producer(id, Map.of())) {
            next.initTransactions();
            next.beginTransaction();
            Set<String> kept = send(next, topic, "next", 10);
            commit(next);
            fenced(() -> {
                zombie.commitTransaction();
                return null;
            });
            equal(read(topic, 1, "read_committed", kept.size()), kept, "records after a zombie");
        }
        aborted++;
        zombie.close(Duration.ZERO);
    }

    /** Each input is counted once, although every third attempt is given up: some aborted, some left lying by a producer that dies. */
    @SuppressWarnings("removal")
    static void consumeTransformProduce(boolean withMetadata) throws Exception {
        String input = topic(2);
        String output = topic(2);
        String group = name("g");
        String id = name("t");
        int count = 600;
        try (KafkaProducer<String, String> producer = producer(null, Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(input, i % 2, null, "in-" + i));
            }
            produced += count;
        }
        Set<String> wanted = new HashSet<>();
        for (int i = 0; i < count; i++) {
            wanted.add("out-" + i);
        }
        int attempt = 0;
        KafkaProducer<String, String> producer = producer(id, Map.of());
        producer.initTransactions();
        KafkaConsumer<String, String> consumer = consumer("read_committed", Map.of("group.id", group, "max.poll.records", "50"));
        consumer.subscribe(List.of(input));
        long deadline = System.nanoTime() + 60_000_000_000L;
        long done = 0;
        while (done < count) {
            check(System.nanoTime() < deadline, "the loop goes on for too long, at " + done);
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            int records = 0;
            List<ConsumerRecord<String, String>> polled = new ArrayList<>();
            consumer.poll(Duration.ofMillis(200)).forEach(polled::add);
            if (polled.isEmpty()) {
                continue;
            }
            producer.beginTransaction();
            for (ConsumerRecord<String, String> record : polled) {
                producer.send(new ProducerRecord<>(output, record.partition(), null, record.value().replace("in-", "out-")));
                offsets.put(new TopicPartition(input, record.partition()), new OffsetAndMetadata(record.offset() + 1));
                records++;
            }
            if (BEFORE_4) {
                // No longer there in the clients that this is compiled against.
                KafkaProducer.class.getMethod("sendOffsetsToTransaction", Map.class, String.class).invoke(producer, offsets, group);
            } else {
                producer.sendOffsetsToTransaction(offsets, withMetadata ? consumer.groupMetadata() : new ConsumerGroupMetadata(group));
            }
            attempt++;
            if (attempt % 3 == 1) {
                abort(producer);
                rewind(consumer, offsets.keySet());
            } else if (attempt % 3 == 2) {
                // It dies between its offsets and its commit, and another one takes over.
                KafkaProducer<String, String> dead = producer;
                dead.flush();
                producer = producer(id, Map.of());
                producer.initTransactions();
                aborted++;
                dead.close(Duration.ZERO);
                rewind(consumer, offsets.keySet());
            } else {
                commit(producer);
                done += records;
            }
        }
        consumer.close();
        producer.close();
        equal(read(output, 2, "read_committed", count), wanted, "outputs of consume-transform-produce");
        long sum = 0;
        for (OffsetAndMetadata offset : admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().values()) {
            sum += offset.offset();
        }
        equal(sum, (long) count, "committed offsets");
    }

    static void rewind(KafkaConsumer<String, String> consumer, Set<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> stored = consumer.committed(partitions);
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = stored.get(partition);
            consumer.seek(partition, offset == null ? 0 : offset.offset());
        }
    }

    /** A transaction that is open for too long is aborted, and its producer is told. */
    static void timeout() throws Exception {
        String topic = topic(1);
        try (KafkaProducer<String, String> producer = producer(name("t"), Map.of("transaction.timeout.ms", "1500"))) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, "late", 5);
            producer.flush();
            try (KafkaProducer<String, String> other = producer(null, Map.of())) {
                other.send(new ProducerRecord<>(topic, 0, null, "behind")).get();
                produced++;
            }
            equal(read(topic, 1, "read_committed", 1), Set.of("behind"), "what stands behind a transaction that timed out");
            try {
                producer.commitTransaction();
                check(false, "a transaction that timed out was committed");
            } catch (KafkaException expected) {
                aborted++;
            }
        }
    }

    static void described() throws Exception {
        String topic = topic(1);
        String id = name("t");
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaProducer<String, String> producer = producer(id, Map.of())) {
            producer.initTransactions();
            producer.beginTransaction();
            send(producer, topic, "open", 5);
            producer.flush();
            TransactionDescription open = admin.describeTransactions(List.of(id)).description(id).get();
            equal(open.state(), TransactionState.ONGOING, "state");
            equal(open.topicPartitions(), Set.of(partition), "partitions");
            check(open.transactionStartTimeMs().isPresent(), "start of a transaction");
            var ongoing = admin.listTransactions(new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING))).all().get();
            check(ongoing.stream().anyMatch(listing -> listing.transactionalId().equals(id)), "an open transaction is listed");
            var named = admin.listTransactions(new ListTransactionsOptions().filterOnTransactionalIdPattern(id)).all().get();
            equal(named.size(), 1, "transactions by pattern");
            List<ProducerState> producers = admin.describeProducers(List.of(partition)).partitionResult(partition).get().activeProducers();
            equal(producers.size(), 1, "producers");
            ProducerState state = producers.get(0);
            check(state.currentTransactionStartOffset().isPresent(), "start offset of an open transaction");
            admin.abortTransaction(new AbortTransactionSpec(
                partition, state.producerId(), (short) state.producerEpoch(), state.coordinatorEpoch().orElse(0))).all().get();
            state = admin.describeProducers(List.of(partition)).partitionResult(partition).get().activeProducers().get(0);
            check(state.currentTransactionStartOffset().isEmpty(), "a transaction that an operator aborted is open");
            abort(producer);
            equal(admin.describeTransactions(List.of(id)).description(id).get().state() == TransactionState.ONGOING, false, "open after its abort");
        }
    }

    static void fenced(Callable<Void> attempt) throws Exception {
        try {
            attempt.call();
        } catch (KafkaException refused) {
            check(isFenced(refused) || isFenced(refused.getCause()), "another refusal: " + refused);
            return;
        }
        check(false, "a producer that is fenced commits");
    }

    static boolean isFenced(Throwable refused) {
        return refused instanceof ProducerFencedException || refused instanceof InvalidProducerEpochException;
    }

    static void commit(KafkaProducer<String, String> producer) {
        producer.commitTransaction();
        committed++;
    }

    static void abort(KafkaProducer<String, String> producer) {
        producer.abortTransaction();
        aborted++;
    }

    static Set<String> send(KafkaProducer<String, String> producer, String topic, String prefix, int count) {
        Set<String> values = new HashSet<>();
        for (int i = 0; i < count; i++) {
            String value = prefix + "-" + i;
            producer.send(new ProducerRecord<>(topic, value, value));
            values.add(value);
        }
        produced += count;
        return values;
    }

    /** Reads until `count` records came, and a little longer to see whether more come. */
    static Set<String> read(String topic, int partitionCount, String isolation, int count) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = consumer(isolation, Map.of())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (int i = 0; i < partitionCount; i++) {
                partitions.add(new TopicPartition(topic, i));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            for (int i = 0; i < 3; i++) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
        }
        consumed += values.size();
        Set<String> distinct = new HashSet<>(values);
        equal(distinct.size(), values.size(), "records read once");
        return distinct;
    }

    static KafkaProducer<String, String> producer(String id, Map<String, String> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", servers);
        if (id != null) {
            config.put("transactional.id", id);
        }
        return new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
    }

    static KafkaConsumer<String, String> consumer(String isolation, Map<String, String> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("bootstrap.servers", servers);
        config.put("isolation.level", isolation);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
    }

    static String topic(int partitions) throws Exception {
        String name = name("topic");
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        return name;
    }

    static String name(String prefix) {
        return prefix + "-" + UUID.randomUUID();
    }

    static void equal(Object found, Object wanted, String what) {
        check(found.equals(wanted), what + ": " + text(found) + " instead of " + text(wanted));
    }

    static String text(Object object) {
        String text = String.valueOf(object);
        return text.length() > 300 ? text.substring(0, 300) + "…" : text;
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            System.err.println(what);
            new Exception().printStackTrace();
            System.exit(1);
        }
    }
}
