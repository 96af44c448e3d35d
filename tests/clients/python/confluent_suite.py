"""confluent-kafka (librdkafka): the classic protocol with eager and cooperative assignors."""
import multiprocessing
import signal
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic, ResourceType

from facts import JAVA_PARTITIONS_OF_12, Summary, bootstrap, check, equal, name, wait_until

summary = Summary("confluent-kafka")
servers = bootstrap()
admin = AdminClient({"bootstrap.servers": servers})
SESSION = {"session.timeout.ms": 6000, "heartbeat.interval.ms": 500, "topic.metadata.refresh.interval.ms": 1000}


def create(topic, partitions, **config):
    admin.create_topics([NewTopic(topic, num_partitions=partitions, replication_factor=1, config=config)])[topic].result(30)


def error_of(future):
    try:
        future.result(30)
    except KafkaException as error:
        return error.args[0].name()
    return None


def producer(**more):
    return Producer({"bootstrap.servers": servers, "partitioner": "murmur2_random", "enable.idempotence": True, **more})


def send(sender, topic, count, partition=None, key=lambda i: f"k{i}".encode(), value=lambda i: f"v{i}".encode(), **more):
    failed = []
    for i in range(count):
        extra = dict(more) if partition is None else dict(more, partition=partition)
        sender.produce(topic, key=key(i), value=value(i), on_delivery=lambda e, m: failed.append(e) if e else None, **extra)
        sender.poll(0)
    equal(sender.flush(60), 0, "records not delivered")
    equal(failed, [], "deliveries refused")
    summary.produced += count


class Member:
    """A group member that notes what it owns and what it read."""

    def __init__(self, group, topic, **config):
        self.owned, self.records = set(), []
        self.cooperative = config.get("partition.assignment.strategy") == "cooperative-sticky"
        self.revoked_by_rebalance = set()
        self.consumer = Consumer({
            "bootstrap.servers": servers, "group.id": group, "auto.offset.reset": "earliest",
            "enable.auto.commit": False, **SESSION, **config})
        self.consumer.subscribe([topic], on_assign=self.assign, on_revoke=self.revoke, on_lost=self.revoke)

    def assign(self, consumer, partitions):
        summary.rebalances += 1
        if self.cooperative:
            consumer.incremental_assign(partitions)
        else:
            consumer.assign(partitions)
            self.owned.clear()
        self.owned |= {p.partition for p in partitions}

    def revoke(self, consumer, partitions):
        self.owned -= {p.partition for p in partitions}
        self.revoked_by_rebalance |= {p.partition for p in partitions}
        if self.cooperative:
            consumer.incremental_unassign(partitions)
        else:
            consumer.unassign()

    def poll(self):
        message = self.consumer.poll(0.05)
        if message is not None and not message.error():
            self.records.append(message)
            summary.consumed += 1


def poll_all(members):
    for member in members:
        member.poll()


def owned_sizes(members):
    return sorted(len(m.owned) for m in members)


def administration():
    topic = name("admin")
    create(topic, 4, **{"retention.ms": "123456"})
    wait_until("topic listed", lambda: topic in admin.list_topics(timeout=10).topics)
    equal(len(admin.list_topics(topic, timeout=10).topics[topic].partitions), 4, "partitions")
    again = admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])[topic]
    equal(error_of(again), "TOPIC_ALREADY_EXISTS", "creating twice")
    resource = ConfigResource(ResourceType.TOPIC, topic)
    entries = admin.describe_configs([resource])[resource].result(30)
    equal(entries["retention.ms"].value, "123456", "setting")
    equal(entries["retention.ms"].is_default, False, "setting is the topic's own")
    equal(entries["cleanup.policy"].value, "delete", "default setting")
    equal(error_of(admin.create_partitions([NewPartitions(topic, 2)])[topic]), "INVALID_PARTITIONS", "shrinking")
    admin.create_partitions([NewPartitions(topic, 6)])[topic].result(30)
    wait_until("topic grew", lambda: len(admin.list_topics(topic, timeout=10).topics[topic].partitions) == 6)
    admin.delete_topics([topic])[topic].result(30)
    wait_until("topic gone", lambda: topic not in admin.list_topics(timeout=10).topics)


def codecs():
    topic = name("codecs")
    create(topic, 1)
    sent = []
    for codec in ["none", "gzip", "snappy", "lz4", "zstd"]:
        sender = producer(**{"compression.type": codec, "linger.ms": 50})
        for i in range(200):
            value = f"{codec} {i} ".encode() * 20
            headers = [("codec", codec.encode()), ("empty", b""), ("none", None)]
            sender.produce(topic, key=f"{codec}-{i}", value=value, headers=headers, timestamp=1_700_000_000_000 + len(sent))
            sent.append((f"{codec}-{i}".encode(), value, headers, 1_700_000_000_000 + len(sent)))
        equal(sender.flush(60), 0, "records not delivered")
    summary.produced += len(sent)
    reader = Consumer({"bootstrap.servers": servers, "group.id": name("g"), "enable.auto.commit": False})
    reader.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    found = []
    def step():
        for message in reader.consume(500, 0.5):
            check(message.error() is None, f"reading: {message.error()}")
            found.append((message.key(), message.value(), message.headers(), message.timestamp()[1]))
    wait_until("all codecs read", lambda: len(found) >= len(sent), step=step)
    equal(found, sent, "records of all codecs")
    summary.consumed += len(found)
    by_time = reader.offsets_for_times([TopicPartition(topic, 0, 1_700_000_000_000 + 700)], timeout=10)
    equal(by_time[0].offset, 700, "offset by time")
    reader.seek(TopicPartition(topic, 0, 345))
    again = reader.consume(1, 10)[0]
    equal((again.offset(), again.key()), (345, sent[345][0]), "seek")
    equal(reader.get_watermark_offsets(TopicPartition(topic, 0), timeout=10), (0, len(sent)), "watermarks")
    reader.close()


def partitions_as_java():
    topic = name("keys")
    create(topic, 12)
    found = {}
    sender = producer()
    for key in JAVA_PARTITIONS_OF_12:
        sender.produce(topic, key=key, value=b"x", on_delivery=lambda e, m: found.update({m.key().decode(): m.partition()}))
    equal(sender.flush(30), 0, "records not delivered")
    summary.produced += len(found)
    equal(found, JAVA_PARTITIONS_OF_12, "partitions of keys")


def groups():
    topic, group = name("group"), name("g")
    create(topic, 4)
    members = [Member(group, topic), Member(group, topic)]
    wait_until("two members own two each", lambda: owned_sizes(members) == [2, 2], step=lambda: poll_all(members))
    send(producer(), topic, 400)
    wait_until("the group read all", lambda: sum(len(m.records) for m in members) == 400, step=lambda: poll_all(members))
    keys = [r.key() for m in members for r in m.records]
    equal(len(set(keys)), 400, "each record read once")
    for member in members:
        member.consumer.commit(asynchronous=False)
    other = Member(name("g"), topic)
    wait_until("a second group reads its own copy", lambda: len(other.records) == 400, step=other.poll)
    other.consumer.close()
    members += [Member(group, topic) for _ in range(3)]
    wait_until("one of five is idle", lambda: owned_sizes(members) == [0, 1, 1, 1, 1], step=lambda: poll_all(members))
    for member in members[1:]:
        member.consumer.close()
    members = members[:1]
    wait_until("the last one owns all", lambda: owned_sizes(members) == [4], step=lambda: poll_all(members))
    admin.create_partitions([NewPartitions(topic, 8)])[topic].result(30)
    wait_until("grown topic picked up", lambda: owned_sizes(members) == [8], step=lambda: poll_all(members))
    members[0].consumer.close()
    equal(sum(len(m.records) for m in members), sum(len(m.records) for m in members[:1]), "no record came twice")
    resumed = Member(group, topic)
    wait_until("resumed member owns all", lambda: owned_sizes([resumed]) == [8], step=resumed.poll)
    send(producer(), topic, 1, partition=0, key=lambda i: b"after")
    wait_until("new record read", lambda: len(resumed.records) >= 1, step=resumed.poll)
    equal([r.key() for r in resumed.records], [b"after"], "committed offsets survive")
    resumed.consumer.close()


def doomed(group, topic, ready):
    member = Member(group, topic, **{"partition.assignment.strategy": "cooperative-sticky"})
    while True:
        member.poll()
        if member.owned:
            ready.set()


def killed_member_with_cooperative_sticky():
    topic, group = name("coop"), name("g")
    create(topic, 6)
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    victim = spawn.Process(target=doomed, args=(group, topic, ready), daemon=True)
    victim.start()
    check(ready.wait(60), "the victim got nothing")
    members = [Member(group, topic, **{"partition.assignment.strategy": "cooperative-sticky"}) for _ in range(2)]
    wait_until("three members own two each", lambda: owned_sizes(members) == [2, 2], step=lambda: poll_all(members))
    end = time.monotonic() + 3
    while time.monotonic() < end:
        poll_all(members)
    equal(owned_sizes(members), [2, 2], "stable before the crash")
    before = [set(m.owned) for m in members]
    for member in members:
        member.revoked_by_rebalance.clear()
    victim.kill()
    wait_until("the dead member's partitions move", lambda: owned_sizes(members) == [3, 3], step=lambda: poll_all(members))
    for member, owned in zip(members, before):
        check(owned <= member.owned, "a living member lost a partition in the crash")
        equal(member.revoked_by_rebalance, set(), "only the dead member's partitions move")
        member.consumer.close()


if __name__ == "__main__":
    signal.alarm(240)
    killed_member_with_cooperative_sticky()
    administration()
    codecs()
    partitions_as_java()
    groups()
    summary.close()
