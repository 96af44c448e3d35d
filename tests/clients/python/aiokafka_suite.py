"""aiokafka: the asyncio client."""
import asyncio
import multiprocessing
import signal

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.errors import InvalidPartitionsError
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from facts import JAVA_PARTITIONS_OF_12, Summary, bootstrap, check, equal, name

summary = Summary("aiokafka")
servers = bootstrap()
SESSION = {"session_timeout_ms": 6000, "heartbeat_interval_ms": 500, "metadata_max_age_ms": 1000}


class Rebalances(ConsumerRebalanceListener):
    async def on_partitions_revoked(self, revoked):
        pass

    async def on_partitions_assigned(self, assigned):
        summary.rebalances += 1


async def until(words, condition, seconds=60):
    for _ in range(seconds * 20):
        if condition():
            return
        await asyncio.sleep(0.05)
    check(False, f"not within {seconds} s: {words}")


async def create(admin, topic, partitions, **config):
    answer = await admin.create_topics([NewTopic(topic, partitions, 1, topic_configs=config)])
    return answer.topic_errors[0][1]


async def member(group, topic, records):
    consumer = AIOKafkaConsumer(
        bootstrap_servers=servers, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, **SESSION)
    consumer.subscribe([topic], listener=Rebalances())
    await consumer.start()

    async def read():
        async for record in consumer:
            records.append(record)
            summary.consumed += 1

    return consumer, asyncio.create_task(read())


async def leave(consumer, task):
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await consumer.stop()


async def administration(admin):
    topic = name("admin")
    equal(await create(admin, topic, 4, **{"retention.ms": "123456"}), 0, "creating")
    equal(await create(admin, topic, 1), 36, "creating twice")
    settings = {}
    for _ in range(100):
        found = await admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
        settings = {entry[0]: entry[1] for answer in found for entry in answer.resources[0][4]}
        if settings:
            break
        await asyncio.sleep(0.05)
    equal((settings["retention.ms"], settings["cleanup.policy"]), ("123456", "delete"), "settings")
    try:
        await admin.create_partitions({topic: NewPartitions(2)})
        check(False, "shrinking was accepted")
    except InvalidPartitionsError:
        pass
    await admin.create_partitions({topic: NewPartitions(6)})
    described = await admin.describe_topics([topic])
    equal(len(described[0]["partitions"]), 6, "partitions after growing")
    await admin.delete_topics([topic])
    for _ in range(100):
        if topic not in await admin.list_topics():
            return
        await asyncio.sleep(0.05)
    check(False, "topic still listed")


async def codecs(admin):
    topic = name("codecs")
    await create(admin, topic, 1)
    sent = []
    for codec in [None, "gzip", "snappy", "lz4", "zstd"]:
        async with AIOKafkaProducer(
            bootstrap_servers=servers, compression_type=codec, linger_ms=20, enable_idempotence=True
        ) as producer:
            waits = []
            for i in range(200):
                value = f"{codec} {i} ".encode() * 20
                headers = [("codec", str(codec).encode()), ("empty", b"")]
                timestamp = 1_700_000_000_000 + len(sent)
                waits.append(await producer.send(
                    topic, value, f"{codec}-{i}".encode(), headers=headers, timestamp_ms=timestamp))
                sent.append((f"{codec}-{i}".encode(), value, tuple(headers), timestamp))
            await asyncio.gather(*waits)
    summary.produced += len(sent)
    partition = TopicPartition(topic, 0)
    consumer = AIOKafkaConsumer(bootstrap_servers=servers, enable_auto_commit=False, auto_offset_reset="earliest")
    consumer.assign([partition])
    await consumer.start()
    found = []
    while len(found) < len(sent):
        batch = await asyncio.wait_for(consumer.getmany(timeout_ms=1000), 30)
        found += [(r.key, r.value, tuple(r.headers), r.timestamp) for r in batch.get(partition, [])]
    equal(found, sent, "records of all codecs")
    summary.consumed += len(found)
    by_time = await consumer.offsets_for_times({partition: 1_700_000_000_000 + 700})
    equal(by_time[partition].offset, 700, "offset by time")
    consumer.seek(partition, 345)
    again = await asyncio.wait_for(consumer.getone(partition), 30)
    equal((again.offset, again.key), (345, sent[345][0]), "seek")
    equal((await consumer.end_offsets([partition]))[partition], len(sent), "end")
    await consumer.stop()


async def partitions_as_java(admin):
    topic = name("keys")
    await create(admin, topic, 12)
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        found = {}
        for key in JAVA_PARTITIONS_OF_12:
            found[key] = (await producer.send_and_wait(topic, b"x", key.encode())).partition
    summary.produced += len(found)
    equal(found, JAVA_PARTITIONS_OF_12, "partitions of keys")


def doomed(group, topic):
    async def run():
        consumer, task = await member(group, topic, [])
        await task

    asyncio.run(run())


async def groups(admin, victim, topic, group):
    records = []
    consumer, task = await member(group, topic, records)
    await until("two members own two each", lambda: len(consumer.assignment()) == 2)
    victim.kill()
    await until("the killed member's share moves", lambda: len(consumer.assignment()) == 4)
    async with AIOKafkaProducer(bootstrap_servers=servers) as producer:
        for i in range(400):
            await producer.send(topic, f"v{i}".encode(), f"k{i}".encode())
        await producer.flush()
        summary.produced += 400
        await until("the group read all", lambda: len(records) == 400)
        equal(len({r.key for r in records}), 400, "each record read once")
        await consumer.commit()
        copy = []
        other = await member(name("g"), topic, copy)
        await until("a second group reads its own copy", lambda: len(copy) == 400)
        await leave(*other)
        await admin.create_partitions({topic: NewPartitions(8)})
        await until("grown topic picked up", lambda: len(consumer.assignment()) == 8)
        await leave(consumer, task)
        resumed = []
        again = await member(group, topic, resumed)
        await producer.send_and_wait(topic, b"x", b"after", partition=0)
        summary.produced += 1
        await until("new record read", lambda: resumed)
        equal([r.key for r in resumed], [b"after"], "committed offsets survive")
        await leave(*again)


async def main():
    admin = AIOKafkaAdminClient(bootstrap_servers=servers)
    await admin.start()
    topic, group = name("group"), name("g")
    await create(admin, topic, 4)
    victim = multiprocessing.get_context("spawn").Process(target=doomed, args=(group, topic), daemon=True)
    victim.start()
    await administration(admin)
    await codecs(admin)
    await partitions_as_java(admin)
    await groups(admin, victim, topic, group)
    await admin.close()
    summary.close()


if __name__ == "__main__":
    signal.alarm(240)
    asyncio.run(main())
