// kafkajs: only the old, not flexible versions of each API.
import kafkajs from 'kafkajs'
import snappy from 'kafkajs-snappy'
import { JAVA_PARTITIONS_OF_12, check, close, equal, pause, refusal, servers, summary, unique, until } from './facts.js'

const { CompressionCodecs, CompressionTypes, ConfigResourceTypes, Kafka, Partitioners, logLevel } = kafkajs
CompressionCodecs[CompressionTypes.Snappy] = snappy
const kafka = new Kafka({ clientId: 'suite', brokers: [servers], logLevel: logLevel.NOTHING })
const admin = kafka.admin()
const create = (topic, numPartitions, configEntries = []) =>
  admin.createTopics({ topics: [{ topic, numPartitions, configEntries }], waitForLeaders: true })
const partitioned = () => kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner })

async function member (groupId, topic, records, owned = { count: -1 }) {
  // It sees a rebalance when its fetch is answered, so a fetch waits for less than its default of 5 s.
  const consumer = kafka.consumer({
    groupId,
    sessionTimeout: 6000,
    heartbeatInterval: 500,
    metadataMaxAge: 1000,
    rebalanceTimeout: 30_000,
    maxWaitTimeInMs: 500
  })
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    summary.rebalances++
    owned.count = Object.values(payload.memberAssignment).flat().length
  })
  await consumer.connect()
  await consumer.subscribe({ topics: [topic], fromBeginning: true })
  await consumer.run({
    autoCommitInterval: 100,
    eachMessage: async ({ partition, message }) => {
      records.push({ partition, ...message })
      summary.consumed++
    }
  })
  return consumer
}

async function administration () {
  const topic = unique('admin')
  equal(await create(topic, 4, [{ name: 'retention.ms', value: '123456' }]), true, 'creating')
  check((await admin.listTopics()).includes(topic), 'topic not listed')
  equal(await create(topic, 1), false, 'creating twice')
  const described = await admin.describeConfigs({ resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }] })
  const settings = Object.fromEntries(described.resources[0].configEntries.map(e => [e.configName, e.configValue]))
  equal([settings['retention.ms'], settings['cleanup.policy']], ['123456', 'delete'], 'settings')
  const shrinking = await refusal(admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }))
  equal(shrinking?.type, 'INVALID_PARTITIONS', 'shrinking')
  await admin.createPartitions({ topicPartitions: [{ topic, count: 6 }] })
  await until('topic grew', async () =>
    (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0].partitions.length === 6)
  await admin.deleteTopics({ topics: [topic] })
  await until('topic gone', async () => !(await admin.listTopics()).includes(topic))
}

async function codecs () {
  const topic = unique('codecs')
  await create(topic, 1)
  const sent = []
  const producer = kafka.producer({ idempotent: true })
  await producer.connect()
  for (const compression of [CompressionTypes.None, CompressionTypes.GZIP, CompressionTypes.Snappy]) {
    const messages = Array.from({ length: 200 }, (_, i) => ({
      key: `${compression}-${i}`,
      value: `codec ${compression} record ${i} `.repeat(20),
      headers: { codec: `${compression}`, empty: '' },
      timestamp: `${1_700_000_000_000 + sent.length + i}`
    }))
    await producer.send({ topic, compression, acks: -1, messages })
    sent.push(...messages)
  }
  summary.produced += sent.length
  const records = []
  const reader = await member(unique('g'), topic, records)
  await until('all codecs read', () => records.length >= sent.length)
  const found = records.map(r => ({
    key: `${r.key}`,
    value: `${r.value}`,
    headers: { codec: `${r.headers.codec}`, empty: `${r.headers.empty}` },
    timestamp: r.timestamp
  }))
  equal(found, sent, 'records of all codecs')
  const byTime = await admin.fetchTopicOffsetsByTimestamp(topic, 1_700_000_000_000 + 450)
  equal(byTime[0].offset, '450', 'offset by time')
  const [ends] = await admin.fetchTopicOffsets(topic)
  equal([ends.low, ends.high], ['0', `${sent.length}`], 'watermarks')
  records.length = 0
  reader.seek({ topic, partition: 0, offset: '345' })
  await until('seek', () => records.length > 0)
  equal([records[0].offset, `${records[0].key}`], ['345', sent[345].key], 'seek')
  await reader.disconnect()
  await producer.disconnect()
}

async function partitionsAsJava () {
  const topic = unique('keys')
  await create(topic, 12)
  const producer = partitioned()
  await producer.connect()
  const found = {}
  for (const key of Object.keys(JAVA_PARTITIONS_OF_12)) {
    const [answer] = await producer.send({ topic, messages: [{ key, value: 'x' }] })
    found[key] = answer.partition
    summary.produced++
  }
  equal(found, JAVA_PARTITIONS_OF_12, 'partitions of keys')
  await producer.disconnect()
}

async function groups () {
  const [topic, group] = [unique('group'), unique('g')]
  await create(topic, 4)
  const records = []
  const owned = Array.from({ length: 5 }, () => ({ count: -1 }))
  const sizes = n => JSON.stringify(owned.slice(0, n).map(o => o.count).sort())
  const members = [await member(group, topic, records, owned[0]), await member(group, topic, records, owned[1])]
  await until('two members own two each', () => sizes(2) === '[2,2]')
  const producer = partitioned()
  await producer.connect()
  const messages = Array.from({ length: 400 }, (_, i) => ({ key: `k${i}`, value: `v${i}` }))
  await producer.send({ topic, messages })
  summary.produced += 400
  await until('the group read all', () => records.length === 400)
  equal(new Set(records.map(r => `${r.key}`)).size, 400, 'each record read once')
  const copy = []
  const other = await member(unique('g'), topic, copy)
  await until('a second group reads its own copy', () => copy.length === 400)
  await other.disconnect()
  for (let i = 2; i < 5; i++) members.push(await member(group, topic, records, owned[i]))
  await until('one of five is idle', () => sizes(5) === '[0,1,1,1,1]')
  for (const leaving of members.slice(1)) await leaving.disconnect()
  await until('the last one owns all', () => owned[0].count === 4)
  await admin.createPartitions({ topicPartitions: [{ topic, count: 8 }] })
  await until('grown topic picked up', () => owned[0].count === 8)
  await pause(500)
  await members[0].disconnect()
  const resumed = []
  const again = await member(group, topic, resumed)
  await producer.send({ topic, messages: [{ key: 'after', value: 'x', partition: 0 }] })
  summary.produced++
  await until('new record read', () => resumed.length > 0)
  equal(resumed.map(r => `${r.key}`), ['after'], 'committed offsets survive')
  const described = await admin.describeGroups([group])
  equal(described.groups[0].state, 'Stable', 'state of the group')
  check((await admin.listGroups()).groups.some(g => g.groupId === group), 'group not listed')
  await again.disconnect()
  await admin.deleteGroups([group])
  await producer.disconnect()
}

await admin.connect()
await administration()
await codecs()
await partitionsAsJava()
await groups()
await admin.disconnect()
close('kafkajs')
