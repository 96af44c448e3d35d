import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** Apache Kafka's own Java consumer with the protocol of KIP-848, and its classic one in the same groups. */
public final class ConsumerGroups {
    public static void main(String[] arguments) throws Exception {
        Suite.servers = arguments[0];
        if (arguments.length > 1) {
            Member doomed = new Member(arguments[1], arguments[2], Map.of());
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
            Suite.check(false, "the suite took over 240 s");
        });
        deadline.setDaemon(true);
        deadline.start();
        Suite.admin = Admin.create(Map.of("bootstrap.servers", Suite.servers));
        members();
        killedMember();
        staticMember();
        pattern();
        bothProtocols();
        Suite.admin.close();
        Suite.check(Suite.produced > 0 && Suite.consumed > 0 && Suite.rebalances > 0, "the suite did nothing");
        System.out.printf("SUITE java-consumer-groups produced=%d consumed=%d rebalances=%d%n",
            Suite.produced, Suite.consumed, Suite.rebalances);
    }

    static void produce(String topic, int count) {
        try (KafkaProducer<String, String> producer = Suite.producer(Map.of())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, "k" + i, "v" + i));
            }
        }
        Suite.produced += count;
    }

    /** Members come and go, a topic grows, offsets stay. */
    static void members() throws Exception {
        String topic = Suite.name("group");
        String group = Suite.name("g");
        Suite.create(topic, 4, Map.of());
        produce(topic, 400);
        List<Member> members = new ArrayList<>(List.of(new Member(group, topic, Map.of())));
        Suite.until("one member reads all", () -> sizes(members).equals(List.of(4)) && members.get(0).records.size() == 400);
        members.get(0).consumer.commitSync();
        members.add(new Member(group, topic, Map.of("group.remote.assignor", "range")));
        Suite.until("two members own two each", () -> sizes(members).equals(List.of(2, 2)));
        members.forEach(m -> m.consumer.commitSync());
        Suite.equal(members.get(1).records.size(), 0, "records that the second one read again");
        ConsumerGroupDescription described = Suite.of(Suite.admin.describeConsumerGroups(List.of(group)).all()).get(group);
        Suite.equal(described.type(), GroupType.CONSUMER, "type");
        Suite.until("stable", () ->
            Suite.of(Suite.admin.describeConsumerGroups(List.of(group)).all()).get(group).groupState() == GroupState.STABLE
                && sizes(members) != null);
        Suite.equal(described.members().size(), 2, "members described");
        for (int i = 0; i < 3; i++) {
            members.add(new Member(group, topic, Map.of()));
        }
        Suite.until("one of five is idle", () -> sizes(members).equals(List.of(0, 1, 1, 1, 1)));
        while (members.size() > 1) {
            members.remove(1).consumer.close();
        }
        Suite.until("the last one owns all", () -> sizes(members).equals(List.of(4)));
        Suite.admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(8))).all().get();
        Suite.until("grown topic picked up", () -> sizes(members).equals(List.of(8)));
        ConfigResource resource = new ConfigResource(ConfigResource.Type.GROUP, group);
        Suite.admin.incrementalAlterConfigs(Map.of(resource, List.of(
            new AlterConfigOp(new ConfigEntry("consumer.session.timeout.ms", "50000"), AlterConfigOp.OpType.SET)))).all().get();
        Suite.until("the group's own setting", () ->
            "50000".equals(Suite.config(resource).get("consumer.session.timeout.ms").value()) && sizes(members) != null);
        members.get(0).consumer.close();
        long committed = Suite.of(Suite.admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
            .values().stream().mapToLong(o -> o.offset()).sum();
        Suite.equal(committed, 400L, "committed offsets");
        Suite.check(Suite.of(Suite.admin.listGroups().all()).stream().anyMatch(
            g -> g.groupId().equals(group) && g.type().get() == GroupType.CONSUMER), "group listed");
        Suite.admin.deleteConsumerGroups(List.of(group)).all().get();
    }

    static void killedMember() throws Exception {
        String topic = Suite.name("killed");
        String group = Suite.name("g");
        Suite.create(topic, 6, Map.of());
        Process victim = new ProcessBuilder(
            ProcessHandle.current().info().command().orElse("java"), "-cp", System.getProperty("java.class.path"),
            "ConsumerGroups", Suite.servers, group, topic).inheritIO().start();
        try {
            List<Member> members = List.of(new Member(group, topic, Map.of()), new Member(group, topic, Map.of()));
            Suite.until("three members own two each", () -> sizes(members).equals(List.of(2, 2)) && memberCount(group) == 3);
            List<Set<Integer>> before = members.stream().map(m -> (Set<Integer>) new HashSet<>(m.owned)).toList();
            members.forEach(m -> m.revoked.clear());
            victim.destroyForcibly();
            Suite.until("the dead member's partitions move", () -> sizes(members).equals(List.of(3, 3)));
            for (int i = 0; i < 2; i++) {
                Suite.check(members.get(i).owned.containsAll(before.get(i)), "a living member lost a partition in the crash");
                Suite.equal(members.get(i).revoked, Set.of(), "only the dead member's partitions move");
                members.get(i).consumer.close();
            }
        } finally {
            victim.destroyForcibly();
        }
    }

    static int memberCount(String group) {
        return Suite.of(Suite.admin.describeConsumerGroups(List.of(group)).all()).get(group).members().size();
    }

    /** A static member that comes back within its session gets its partitions back. */
    static void staticMember() throws Exception {
        String topic = Suite.name("static");
        String group = Suite.name("g");
        Suite.create(topic, 4, Map.of());
        Member stays = new Member(group, topic, Map.of("group.instance.id", "one"));
        List<Member> members = new ArrayList<>(List.of(stays, new Member(group, topic, Map.of("group.instance.id", "two"))));
        Suite.until("two static members own two each", () -> sizes(members).equals(List.of(2, 2)));
        Set<Integer> owned = new HashSet<>(members.get(1).owned);
        long before = stays.assignments;
        members.get(1).consumer.close();
        members.set(1, new Member(group, topic, Map.of("group.instance.id", "two")));
        Suite.until("the static member is back", () -> sizes(members).equals(List.of(2, 2)));
        Suite.equal(members.get(1).owned, owned, "partitions of a static member that came back");
        Suite.equal(stays.assignments, before, "assignments that the other member saw");
        members.forEach(m -> m.consumer.close());
    }

    /** The broker finds the topics of a pattern, those that come later too. */
    static void pattern() throws Exception {
        String prefix = Suite.name("pattern");
        Suite.create(prefix + "-a", 2, Map.of());
        Member member = new Member(Suite.name("g"), Map.of());
        member.consumer.subscribe(new SubscriptionPattern(prefix + "-[ab]"), member);
        List<Member> members = List.of(member);
        Suite.until("the topic that fits", () -> sizes(members).equals(List.of(2)));
        Suite.create(prefix + "-b", 3, Map.of());
        Suite.create(prefix + "-c", 3, Map.of());
        Suite.until("the topic that came later", () -> sizes(members) != null && member.consumer.assignment().size() == 5);
        member.consumer.close();
    }

    /** A classic group is taken over by members of the new protocol, and becomes classic again. */
    static void bothProtocols() throws Exception {
        String topic = Suite.name("both");
        String group = Suite.name("g");
        Suite.create(topic, 4, Map.of());
        produce(topic, 100);
        Suite.Member old = new Suite.Member(group, topic);
        Suite.until("the classic member reads all", () -> Suite.sizes(List.of(old)).equals(List.of(4)) && old.records.size() == 100);
        old.consumer.commitSync();
        Member fresh = new Member(group, topic, Map.of());
        Suite.until("both share", () -> {
            List<Integer> owned = Suite.sizes(List.of(old));
            return sizes(List.of(fresh)).equals(List.of(2)) && owned.equals(List.of(2));
        });
        Suite.equal(Suite.of(Suite.admin.describeConsumerGroups(List.of(group)).all()).get(group).type(), GroupType.CONSUMER, "upgraded");
        produce(topic, 100);
        Suite.until("the new records are read once", () -> {
            Suite.sizes(List.of(old));
            sizes(List.of(fresh));
            return old.records.size() + fresh.records.size() == 200;
        });
        fresh.consumer.commitSync();
        old.consumer.commitSync();
        fresh.consumer.close();
        Suite.until("the classic member has all", () -> Suite.sizes(List.of(old)).equals(List.of(4)));
        Suite.equal(Suite.of(Suite.admin.describeConsumerGroups(List.of(group)).all()).get(group).type(), GroupType.CLASSIC, "downgraded");
        old.consumer.close();
    }

    static final class Member implements ConsumerRebalanceListener {
        final KafkaConsumer<String, String> consumer;
        final Set<Integer> owned = new HashSet<>();
        final Set<Integer> revoked = new HashSet<>();
        final List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long assignments;

        Member(String group, Map<String, Object> more) {
            Map<String, Object> config = new HashMap<>(more);
            config.put("group.id", group);
            config.put("group.protocol", "consumer");
            config.put("metadata.max.age.ms", "1000");
            consumer = Suite.consumer(config);
        }

        Member(String group, String topic, Map<String, Object> more) {
            this(group, more);
            consumer.subscribe(List.of(topic), this);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assignments++;
            Suite.rebalances++;
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
                Suite.consumed++;
            }
        }
    }

    static List<Integer> sizes(List<Member> members) {
        members.forEach(Member::poll);
        return members.stream().map(m -> m.owned.size()).sorted().toList();
    }
}
