"""confluent-kafka (librdkafka) with transactions: the protocol before KIP-890, as librdkafka speaks it."""
import threading
import time

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from facts import Summary, bootstrap, check, equal, name

# Seconds for one call.
PATIENCE = 60
summary = Summary("confluent-transactions")
servers = bootstrap()
admin = AdminClient({"bootstrap.servers": servers})
threading.excepthook = lambda failed: check(False, f"{failed.thread.name}: {failed.exc_value}")


def create(partitions):
    topic = name("topic")
    admin.create_topics([NewTopic(topic, num_partitions=partitions, replication_factor=1)])[topic].result(30)
    return topic


def producer(transactional_id, **more):
    made = Producer({"bootstrap.servers": servers, "transactional.id": transactional_id, "linger.ms": 0, **more})
    made.init_transactions(PATIENCE)
    return made


def send(sender, topic, values):
    for value in values:
        sender.produce(topic, value=value)
    summary.produced += len(values)


def read(topic, partitions, isolation="read_committed"):
    """All values up to the end that readers of this isolation see."""
    reader = Consumer({
        "bootstrap.servers": servers, "group.id": name("reader"), "isolation.level": isolation,
        "enable.auto.commit": False, "enable.partition.eof": True})
    reader.assign([TopicPartition(topic, index, 0) for index in range(partitions)])
    values, ended, deadline = [], set(), time.monotonic() + 30
    while len(ended) < partitions:
        check(time.monotonic() < deadline, "the end of a topic is not reached")
        message = reader.poll(1)
        if message is None:
            continue
        if message.error():
            ended.add(message.partition())
        else:
            values.append(message.value().decode())
    reader.close()
    summary.consumed += len(values)
    return sorted(values)


def commits_and_aborts():
    topic = create(3)
    sender = producer(name("t"))
    kept = []
    for turn in range(20):
        values = [f"{turn}-{i}" for i in range(30)]
        sender.begin_transaction()
        send(sender, topic, values)
        if turn % 3 == 1:
            # Some of it is on its way, some was never sent.
            sender.abort_transaction(PATIENCE)
        elif turn % 3 == 2:
            sender.flush(30)
            sender.abort_transaction(PATIENCE)
        else:
            sender.commit_transaction(PATIENCE)
            kept += values
    sender.begin_transaction()
    sender.commit_transaction(PATIENCE)
    equal(read(topic, 3), sorted(kept), "committed records")
    sender.begin_transaction()
    send(sender, topic, ["open"])
    sender.flush(30)
    equal(read(topic, 3), sorted(kept), "records beside an open transaction")
    check("open" in read(topic, 3, "read_uncommitted"), "an open transaction's record is not read uncommitted")
    sender.abort_transaction(PATIENCE)


def fencing():
    topic, transactional_id = create(1), name("t")
    zombie = producer(transactional_id)
    zombie.begin_transaction()
    send(zombie, topic, ["zombie"])
    zombie.flush(30)
    later = producer(transactional_id)
    later.begin_transaction()
    send(later, topic, ["later"])
    later.commit_transaction(PATIENCE)
    try:
        zombie.commit_transaction(PATIENCE)
        check(False, "a producer that is fenced commits")
    except KafkaException as refused:
        error = refused.args[0]
        check(error.fatal() and error.name() in ("_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"), f"another refusal: {error}")
    equal(read(topic, 1), ["later"], "records after a zombie")


def member(group, topic, protocol):
    config = {
        "bootstrap.servers": servers, "group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False,
        "isolation.level": "read_committed"}
    if protocol == "consumer":
        config["group.protocol"] = "consumer"
    else:
        config.update({"session.timeout.ms": 6000, "heartbeat.interval.ms": 500})
    reader = Consumer(config)

    def assigned(_, partitions):
        summary.rebalances += 1

    reader.subscribe([topic], on_assign=assigned)
    return reader


def rewind(reader, positions):
    """Back to what is committed, after an abort."""
    for stored in reader.committed([TopicPartition(p.topic, p.partition) for p in positions], PATIENCE):
        reader.seek(TopicPartition(stored.topic, stored.partition, max(stored.offset, 0)))


def consume_transform_produce(protocol):
    """Each input gives one output, although of three attempts one is aborted, and one dies after its offsets were sent."""
    source, sink, group, transactional_id = create(2), create(2), name("g"), name("t")
    count = 300
    loader = Producer({"bootstrap.servers": servers})
    for i in range(count):
        loader.produce(source, value=str(i), partition=i % 2)
    loader.flush(30)
    summary.produced += count
    reader, writer = member(group, source, protocol), producer(transactional_id)
    done, attempt, deadline = 0, 0, time.monotonic() + 120
    while done < count:
        check(time.monotonic() < deadline, f"the loop goes on for too long, at {done}")
        batch = [m for m in reader.consume(25, 0.3) if not m.error()]
        if not batch:
            continue
        writer.begin_transaction()
        send(writer, sink, ["out-" + m.value().decode() for m in batch])
        ends = {}
        for m in batch:
            ends[m.partition()] = max(ends.get(m.partition(), 0), m.offset() + 1)
        positions = [TopicPartition(source, index, offset) for index, offset in ends.items()]
        writer.send_offsets_to_transaction(positions, reader.consumer_group_metadata(), PATIENCE)
        attempt += 1
        if attempt % 3 == 1:
            writer.abort_transaction(PATIENCE)
            rewind(reader, positions)
        elif attempt % 3 == 2:
            writer.flush(30)
            writer = producer(transactional_id)
            rewind(reader, positions)
        else:
            writer.commit_transaction(PATIENCE)
            done += len(batch)
    stored = reader.committed([TopicPartition(source, 0), TopicPartition(source, 1)], PATIENCE)
    equal(sum(p.offset for p in stored), count, "committed offsets")
    reader.close()
    summary.consumed += count
    equal(read(sink, 2), sorted(f"out-{i}" for i in range(count)), "outputs of consume-transform-produce")


def member_that_was_replaced():
    """The offsets of a member that its group has forgotten are refused, and its transaction can be aborted."""
    source, group = create(1), name("g")
    writer = producer(name("t"))
    old = member(group, source, "consumer")
    end = time.monotonic() + 30
    while not old.assignment():
        check(time.monotonic() < end, "no assignment")
        old.poll(0.1)
    stale = old.consumer_group_metadata()
    old.close()
    writer.begin_transaction()
    send(writer, source, ["never"])
    try:
        writer.send_offsets_to_transaction([TopicPartition(source, 0, 1)], stale, PATIENCE)
        check(False, "a member that left commits offsets")
    except KafkaException as refused:
        check(refused.args[0].txn_requires_abort(), f"another refusal: {refused.args[0]}")
    writer.abort_transaction(PATIENCE)
    equal(read(source, 1), [], "records of an aborted transaction")


def times_out():
    topic = create(1)
    sender = producer(name("t"), **{"transaction.timeout.ms": 1000, "message.timeout.ms": 1000})
    sender.begin_transaction()
    send(sender, topic, ["late"])
    sender.flush(30)
    time.sleep(2)
    try:
        sender.commit_transaction(PATIENCE)
        check(False, "a transaction that timed out was committed")
    except KafkaException:
        pass
    equal(read(topic, 1), [], "records of a transaction that timed out")


commits_and_aborts()
fencing()
threads = [threading.Thread(target=consume_transform_produce, args=(protocol,)) for protocol in ("classic", "consumer")]
for thread in threads:
    thread.start()
member_that_was_replaced()
times_out()
for thread in threads:
    thread.join()
summary.close()
