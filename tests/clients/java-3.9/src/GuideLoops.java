import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** As with the clients of 4.4, but for what those of before 4.0 alone have: offsets sent with the group's id. */
public class GuideLoops {
    static final int COUNT = 1_000;
    static String servers;
    static final List<String> processed = new ArrayList<>();
    static int crashAt = 400;
    static KafkaConsumer<String, String> consumer;
    static KafkaProducer<String, String> producer;

    public static void main(String[] arguments) throws Exception {
        servers = arguments[0];
        String run = UUID.randomUUID().toString().substring(0, 8);
        String input = "guide-in-" + run;
        String output = "guide-out-" + run;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(List.of(new NewTopic(input, 2, (short) 1), new NewTopic(output, 2, (short) 1))).all().get();
        }
        Set<String> inputs = new HashSet<>();
        try (var filler = new KafkaProducer<>(producing(new Properties()), new StringSerializer(), new StringSerializer())) {
            for (int number = 0; number < COUNT; number++) {
                inputs.add("order " + number);
                filler.send(new ProducerRecord<>(input, "key " + number, "order " + number));
            }
        }
        atLeastOnce(input, inputs, "guide-alo-" + run);
        int aborted = exactlyOnce(input, output, "guide-eos-" + run);
        List<String> outputs = read(output);
        check(outputs.size() == COUNT && new HashSet<>(outputs).equals(inputs), outputs.size() + " outputs");
        System.out.printf("SUITE %s produced=%d consumed=%d rebalances=0 again=%d aborted=%d%n",
            "java-3.9-guide", 2 * COUNT, processed.size() + outputs.size(), processed.size() - COUNT, aborted);
    }

    /** A crash after processing and before the commit: the records since the last commit are processed again, none is left out. */
    static void atLeastOnce(String topic, Set<String> inputs, String group) {
        for (int life = 0; life < 2; life++) {
            consumer = consumer(group);
            consumer.subscribe(List.of(topic));
            try {
                loop();
            } catch (IllegalStateException crash) {
                check(life == 0, "it crashed again");
            } catch (WakeupException done) {
                check(life == 1, "it was done before it crashed");
                Set<TopicPartition> partitions = Set.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
                long committed = consumer.committed(partitions).values().stream().mapToLong(OffsetAndMetadata::offset).sum();
                check(committed == COUNT, committed + " records are committed");
            } finally {
                consumer.close();
            }
        }
        check(new HashSet<>(processed).equals(inputs), "not all were processed");
        check(processed.size() > COUNT, "nothing was processed again after the crash");
    }

    static void loop() {
        while (true) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
            for (ConsumerRecord<String, String> record : records) {
                processRecord(record); // process first
            }
            consumer.commitSync(); // then commit
        }
    }

    static void processRecord(ConsumerRecord<String, String> record) {
        processed.add(record.value());
        if (processed.size() == crashAt) {
            throw new IllegalStateException("a crash");
        }
        if (new HashSet<>(processed).size() == COUNT) {
            // Ends the loop in a later turn: this one has still to commit.
            KafkaConsumer<String, String> ended = consumer;
            new Thread(() -> {
                try {
                    Thread.sleep(2_000);
                    ended.wakeup();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }).start();
        }
    }

    /** Every third transaction fails before its commit; gives how many did. */
    static int exactlyOnce(String input, String output, String consumerGroupId) {
        Properties props = producing(new Properties());
        props.put("enable.idempotence", "true");
        props.put("transactional.id", "order-processor-1-" + consumerGroupId);
        producer = new KafkaProducer<>(props, new StringSerializer(), new StringSerializer());
        consumer = consumer(consumerGroupId);
        consumer.subscribe(List.of(input));
        int done = 0;
        int aborted = 0;
        producer.initTransactions();
        for (int turn = 0; done < COUNT; turn++) {
            ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
            if (records.isEmpty()) {
                continue;
            }
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            producer.beginTransaction();
            try {
                for (ConsumerRecord<String, String> record : records) {
                    producer.send(new ProducerRecord<>(output, record.key(), record.value()));
                    offsets.put(new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1));
                }
                // Commit consumer offsets as part of the transaction
                producer.sendOffsetsToTransaction(offsets, consumerGroupId);
                if (turn % 3 == 0 && aborted < 3) {
                    throw new IllegalStateException("a failure before the commit");
                }
                producer.commitTransaction();
                done += records.count();
            } catch (Exception e) {
                producer.abortTransaction();
                aborted++;
                // What a loop that goes on has to do: it reads again what it has not committed.
                Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(consumer.assignment());
                committed.forEach((partition, offset) -> consumer.seek(partition, offset == null ? 0 : offset.offset()));
            }
        }
        producer.close();
        consumer.close();
        check(aborted > 0, "no transaction was aborted");
        return aborted;
    }

    static List<String> read(String topic) {
        List<String> found = new ArrayList<>();
        List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        try (var reader = consumer("")) {
            reader.assign(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> reader.position(partition) < ends.get(partition))) {
                reader.poll(Duration.ofMillis(100)).forEach(record -> found.add(record.value()));
            }
        }
        return found;
    }

    static Properties producing(Properties props) {
        props.put("bootstrap.servers", servers);
        return props;
    }

    static KafkaConsumer<String, String> consumer(String group) {
        Properties props = new Properties();
        props.put("bootstrap.servers", servers);
        if (!group.isEmpty()) {
            props.put("group.id", group);
        }
        props.put("enable.auto.commit", "false");
        props.put("auto.offset.reset", "earliest");
        props.put("isolation.level", "read_committed");
        props.put("max.poll.records", "150");
        return new KafkaConsumer<>(props, new StringDeserializer(), new StringDeserializer());
    }

    static void check(boolean holds, String words) {
        if (!holds) {
            throw new AssertionError(words);
        }
    }
}
