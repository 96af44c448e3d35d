"""kafka-python: the pure Python client."""
import multiprocessing
import signal

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, KafkaAdminClient, NewPartitions, NewTopic
from kafka.errors import InvalidPartitionsError, TopicAlreadyExistsError
from kafka.consumer.subscription_state import ConsumerRebalanceListener

from facts import JAVA_PARTITIONS_OF_12, Summary, bootstrap, check, equal, name, wait_until

summary = Summary("kafka-python")
servers = bootstrap()
# kafka-python 3.0.12 forgets a rejoin that began because of new metadata when `poll` gives up between the answers to
# JoinGroup and SyncGroup: it sees no reason to rejoin any more, neither takes the assignment nor sends heartbeats, and waits
# for ever, on any broker. So a poll is given more time than a rebalance takes; it ends early when records come.
POLL_MS = 3000
SESSION = {"session_timeout_ms": 6000, "heartbeat_interval_ms": 500, "metadata_max_age_ms": 1000}


def create(admin, topic, partitions, **config):
    admin.create_topics([NewTopic(topic, num_partitions=partitions, replication_factor=1, topic_configs=config)])


class Member(ConsumerRebalanceListener):
    def __init__(self, group, topic, **config):
        self.owned, self.records = set(), []
        self.consumer = KafkaConsumer(
            bootstrap_servers=servers, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False,
            **SESSION, **config)
        self.consumer.subscribe([topic], listener=self)

    def on_partitions_revoked(self, revoked):
        pass

    def on_partitions_assigned(self, assigned):
        summary.rebalances += 1

    def poll(self):
        for records in self.consumer.poll(timeout_ms=POLL_MS).values():
            self.records += records
            summary.consumed += len(records)
        self.owned = {p.partition for p in self.consumer.assignment()}


def poll_all(members):
    for member in members:
        member.poll()


def owned_sizes(members):
    return sorted(len(m.owned) for m in members)


def administration(admin):
    topic = name("admin")
    create(admin, topic, 4, **{"retention.ms": "123456"})
    check(topic in admin.list_topics(), "topic not listed")
    try:
        create(admin, topic, 1)
        check(False, "creating twice was accepted")
    except TopicAlreadyExistsError:
        pass
    found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)], config_filter="all")
    check("123456" in str(found) and "retention.ms" in str(found), f"setting not described: {found}")
    try:
        admin.create_partitions({topic: NewPartitions(2)})
        check(False, "shrinking was accepted")
    except InvalidPartitionsError:
        pass
    admin.create_partitions({topic: NewPartitions(6)})
    equal(len(admin.describe_topics([topic])[0]["partitions"]), 6, "partitions after growing")
    admin.delete_topics([topic])
    wait_until("topic gone", lambda: topic not in admin.list_topics())


def codecs(admin):
    topic = name("codecs")
    create(admin, topic, 1)
    sent = []
    for codec in [None, "gzip", "snappy", "lz4", "zstd"]:
        sender = KafkaProducer(bootstrap_servers=servers, compression_type=codec, linger_ms=50, acks="all")
        for i in range(200):
            value = f"{codec} {i} ".encode() * 20
            headers = [("codec", str(codec).encode()), ("empty", b"")]
            timestamp = 1_700_000_000_000 + len(sent)
            sender.send(topic, key=f"{codec}-{i}".encode(), value=value, headers=headers, timestamp_ms=timestamp)
            sent.append((f"{codec}-{i}".encode(), value, headers, timestamp))
        sender.flush(60)
        sender.close()
    summary.produced += len(sent)
    reader = KafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, check_crcs=True)
    partition = TopicPartition(topic, 0)
    reader.assign([partition])
    reader.seek_to_beginning(partition)
    found = []
    def step():
        for r in reader.poll(timeout_ms=500).get(partition, []):
            found.append((r.key, r.value, [(k, v) for k, v in r.headers], r.timestamp))
    wait_until("all codecs read", lambda: len(found) >= len(sent), step=step)
    equal(found, sent, "records of all codecs")
    summary.consumed += len(found)
    by_time = reader.offsets_for_times({partition: 1_700_000_000_000 + 700})
    equal(by_time[partition].offset, 700, "offset by time")
    reader.seek(partition, 345)
    again = []
    wait_until("seek", lambda: again, step=lambda: again.extend(reader.poll(timeout_ms=500).get(partition, [])))
    equal((again[0].offset, again[0].key), (345, sent[345][0]), "seek")
    equal(reader.beginning_offsets([partition])[partition], 0, "beginning")
    equal(reader.end_offsets([partition])[partition], len(sent), "end")
    reader.close()


def partitions_as_java(admin):
    topic = name("keys")
    create(admin, topic, 12)
    sender = KafkaProducer(bootstrap_servers=servers)
    found = {key: sender.send(topic, key=key.encode(), value=b"x").get(30).partition for key in JAVA_PARTITIONS_OF_12}
    summary.produced += len(found)
    equal(found, JAVA_PARTITIONS_OF_12, "partitions of keys")
    sender.close()


def doomed(group, topic, ready):
    member = Member(group, topic)
    while True:
        member.poll()
        if len(member.owned) == 2:
            ready.set()


def groups(admin):
    topic, group = name("group"), name("g")
    create(admin, topic, 4)
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    victim = spawn.Process(target=doomed, args=(group, topic, ready), daemon=True)
    victim.start()
    members = [Member(group, topic)]
    wait_until("two members own two each", lambda: owned_sizes(members) == [2] and ready.is_set(), step=lambda: poll_all(members))
    victim.kill()
    wait_until("the killed member's share moves", lambda: owned_sizes(members) == [4], step=lambda: poll_all(members))
    sender = KafkaProducer(bootstrap_servers=servers)
    for i in range(400):
        sender.send(topic, key=f"k{i}".encode(), value=f"v{i}".encode())
    sender.flush(60)
    summary.produced += 400
    wait_until("the group read all", lambda: len(members[0].records) == 400, step=lambda: poll_all(members))
    equal(len({r.key for r in members[0].records}), 400, "each record read once")
    members[0].consumer.commit()
    other = Member(name("g"), topic)
    wait_until("a second group reads its own copy", lambda: len(other.records) == 400, step=other.poll)
    other.consumer.close()
    admin.create_partitions({topic: NewPartitions(8)})
    wait_until("grown topic picked up", lambda: owned_sizes(members) == [8], step=lambda: poll_all(members))
    check(group in [g["group_id"] if isinstance(g, dict) else g[0] for g in admin.list_groups()], "group listed")
    members[0].consumer.close()
    resumed = Member(group, topic)
    sender.send(topic, key=b"after", value=b"x", partition=0).get(30)
    summary.produced += 1
    wait_until("new record read", lambda: len(resumed.records) >= 1, step=resumed.poll)
    equal([r.key for r in resumed.records], [b"after"], "committed offsets survive")
    resumed.consumer.close()
    sender.close()


if __name__ == "__main__":
    signal.alarm(240)
    client = KafkaAdminClient(bootstrap_servers=servers)
    administration(client)
    codecs(client)
    partitions_as_java(client)
    groups(client)
    client.close()
    summary.close()
