"""Consume-transform-produce for whoever kills the broker and this program meanwhile: `exactly_once.py HOST:PORT load|move|check COUNT`.

`load` makes the topics and COUNT inputs. `move` gives an output for each of them in transactions and ends with 0 once all are moved; it gives up at
any error, and is to be started again. `check` reads what is committed and fails unless each input has one output."""
import signal
import sys
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

PARTITIONS, GROUP, INPUTS, OUTPUTS = 4, "moving", "inputs", "outputs"
servers, what, count = sys.argv[1], sys.argv[2], int(sys.argv[3])


def consumer(**more):
    return Consumer({
        "bootstrap.servers": servers, "group.id": GROUP, "isolation.level": "read_committed", "enable.auto.commit": False,
        "auto.offset.reset": "earliest", "session.timeout.ms": 6000, **more})


def load():
    admin = AdminClient({"bootstrap.servers": servers})
    for future in admin.create_topics([NewTopic(topic, PARTITIONS, 1) for topic in (INPUTS, OUTPUTS)]).values():
        future.result(30)
    loader = Producer({"bootstrap.servers": servers, "enable.idempotence": True, "linger.ms": 20})
    for i in range(count):
        while True:
            try:
                loader.produce(INPUTS, value=str(i), partition=i % PARTITIONS)
                break
            except BufferError:
                loader.poll(0.1)
        loader.poll(0)
    if loader.flush(60) > 0:
        sys.exit("not all inputs were taken")


def move():
    writer = Producer({"bootstrap.servers": servers, "transactional.id": "mover", "transaction.timeout.ms": 60000, "linger.ms": 2})
    writer.init_transactions(60)
    reader = consumer()
    reader.subscribe([INPUTS])
    while True:
        # librdkafka's send_offsets_to_transaction was seen to wait for ever after a broker's death: that life ends here.
        signal.alarm(30)
        batch = [m for m in reader.consume(100, 0.5) if not m.error()]
        if not batch:
            stored = reader.committed([TopicPartition(INPUTS, p) for p in range(PARTITIONS)], 30)
            if sum(max(p.offset, 0) for p in stored) == count:
                reader.close()
                return
            continue
        writer.begin_transaction()
        for m in batch:
            writer.produce(OUTPUTS, value=b"out-" + m.value(), partition=m.partition())
        writer.send_offsets_to_transaction(reader.position(reader.assignment()), reader.consumer_group_metadata(), 60)
        writer.commit_transaction(60)


def check():
    reader = consumer(**{"group.id": "checking", "enable.partition.eof": True})
    reader.assign([TopicPartition(OUTPUTS, p, 0) for p in range(PARTITIONS)])
    values, ended, deadline = [], set(), time.monotonic() + 120
    while len(ended) < PARTITIONS:
        if time.monotonic() > deadline:
            sys.exit("the end of the outputs is not reached")
        for m in reader.consume(1000, 1):
            if m.error():
                ended.add(m.partition())
            else:
                values.append(m.value().decode())
    wanted = {f"out-{i}" for i in range(count)}
    found = set(values)
    print(f"outputs={len(values)} distinct={len(found)} missing={len(wanted - found)} others={len(found - wanted)}")
    if len(values) != count or found != wanted:
        sys.exit("not each input has one output")


{"load": load, "move": move, "check": check}[what]()
