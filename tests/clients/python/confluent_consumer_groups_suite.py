"""confluent-kafka (librdkafka) with the protocol of KIP-848."""
import multiprocessing
import signal

from confluent_kafka import Consumer, Producer
from confluent_kafka.admin import AdminClient, NewPartitions, NewTopic

from facts import Summary, bootstrap, check, equal, name, wait_until

summary = Summary("confluent-consumer-groups")
servers = bootstrap()
admin = AdminClient({"bootstrap.servers": servers})


def create(topic, partitions):
    admin.create_topics([NewTopic(topic, num_partitions=partitions, replication_factor=1)])[topic].result(30)


def send(topic, count):
    sender = Producer({"bootstrap.servers": servers})
    for i in range(count):
        sender.produce(topic, key=f"k{i}".encode(), value=f"v{i}".encode())
        sender.poll(0)
    equal(sender.flush(60), 0, "records not delivered")
    summary.produced += count


class Member:
    def __init__(self, group, topic, **config):
        self.owned, self.revoked, self.records = set(), set(), []
        self.consumer = Consumer({
            "bootstrap.servers": servers, "group.id": group, "group.protocol": "consumer", "auto.offset.reset": "earliest",
            "enable.auto.commit": False, "topic.metadata.refresh.interval.ms": 1000, **config})
        self.consumer.subscribe([topic], on_assign=self.assign, on_revoke=self.revoke, on_lost=self.revoke)

    def assign(self, consumer, partitions):
        summary.rebalances += 1
        consumer.incremental_assign(partitions)
        self.owned |= {(p.topic, p.partition) for p in partitions}

    def revoke(self, consumer, partitions):
        consumer.incremental_unassign(partitions)
        self.owned -= {(p.topic, p.partition) for p in partitions}
        self.revoked |= {(p.topic, p.partition) for p in partitions}

    def poll(self):
        message = self.consumer.poll(0.05)
        if message is not None and not message.error():
            self.records.append(message)
            summary.consumed += 1


def poll_all(members):
    for member in members:
        member.poll()


def own(members, sizes):
    return lambda: sorted(len(m.owned) for m in members) == sizes


def members():
    topic, group = name("group"), name("g")
    create(topic, 4)
    send(topic, 400)
    all_of_them = [Member(group, topic)]
    first = all_of_them[0]
    wait_until("one member reads all", lambda: len(first.owned) == 4 and len(first.records) == 400, step=first.poll)
    first.consumer.commit(asynchronous=False)
    all_of_them.append(Member(group, topic))
    wait_until("two members own two each", own(all_of_them, [2, 2]), step=lambda: poll_all(all_of_them))
    equal(len(all_of_them[1].records), 0, "records that the second one read again")
    described = admin.describe_consumer_groups([group])[group].result(30)
    equal(len(described.members), 2, "members described")
    all_of_them += [Member(group, topic) for _ in range(3)]
    wait_until("one of five is idle", own(all_of_them, [0, 1, 1, 1, 1]), step=lambda: poll_all(all_of_them))
    for member in all_of_them[1:]:
        member.consumer.close()
    del all_of_them[1:]
    wait_until("the last one owns all", own(all_of_them, [4]), step=first.poll)
    admin.create_partitions([NewPartitions(topic, 8)])[topic].result(30)
    wait_until("grown topic picked up", own(all_of_them, [8]), step=first.poll)
    first.consumer.close()
    resumed = Member(group, topic)
    wait_until("resumed member owns all", own([resumed], [8]), step=resumed.poll)
    send(topic, 1)
    wait_until("new record read", lambda: len(resumed.records) >= 1, step=resumed.poll)
    equal(len(resumed.records), 1, "committed offsets survive")
    resumed.consumer.close()


def doomed(group, topic, ready):
    member = Member(group, topic)
    while True:
        member.poll()
        if member.owned:
            ready.set()


def killed_member():
    topic, group = name("killed"), name("g")
    create(topic, 6)
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    victim = spawn.Process(target=doomed, args=(group, topic, ready), daemon=True)
    victim.start()
    check(ready.wait(60), "the victim got nothing")
    living = [Member(group, topic) for _ in range(2)]
    wait_until("three members own two each", own(living, [2, 2]), step=lambda: poll_all(living))
    before = [set(m.owned) for m in living]
    for member in living:
        member.revoked.clear()
    victim.kill()
    wait_until("the dead member's partitions move", own(living, [3, 3]), seconds=90, step=lambda: poll_all(living))
    for member, owned in zip(living, before):
        check(owned <= member.owned, "a living member lost a partition in the crash")
        equal(member.revoked, set(), "only the dead member's partitions move")
        member.consumer.close()


def pattern():
    prefix = name("pattern")
    create(f"{prefix}-a", 2)
    member = Member(name("g"), f"^{prefix}-[ab]")
    wait_until("the topic that fits", own([member], [2]), step=member.poll)
    create(f"{prefix}-b", 3)
    create(f"{prefix}-c", 3)
    wait_until("the topic that came later", own([member], [5]), step=member.poll)
    member.consumer.close()


if __name__ == "__main__":
    signal.alarm(240)
    killed_member()
    members()
    pattern()
    summary.close()
