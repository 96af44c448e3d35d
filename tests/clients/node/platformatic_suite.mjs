// @platformatic/kafka: the newest version of each API, from JavaScript alone.
import { JAVA_PARTITIONS_OF_12, check, close, equal, pause, refusal, servers, summary, unique, until } from './facts.js'
import zlib from 'node:zlib'
import { Admin, Consumer, Producer, murmur2, stringDeserializers, stringSerializers } from '@platformatic/kafka'

const base = { clientId: 'suite', bootstrapBrokers: [servers], metadataMaxAge: 1000 }
const admin = new Admin(base)
const create = (topic, partitions, configs = []) => admin.createTopics({ topics: [topic], partitions, replicas: 1, configs })
const codes = error => JSON.stringify(error, (key, value) =>
  value instanceof Error ? { ...value, message: value.message, errors: value.errors, cause: value.cause } : value) ?? ''

class Member {
  constructor (groupId, topic) {
    this.records = []
    this.consumer = new Consumer({
      ...base, groupId, deserializers: stringDeserializers, sessionTimeout: 6000, rebalanceTimeout: 6000, heartbeatInterval: 500 })
    this.consumer.on('consumer:group:join', () => { summary.rebalances++ })
    this.topic = topic
  }

  async start (options = { mode: 'committed', fallbackMode: 'earliest' }) {
    this.stream = await this.consumer.consume({ topics: [this.topic], autocommit: 100, maxWaitTime: 200, ...options })
    this.stream.on('error', () => {})
    this.stream.on('data', record => {
      this.records.push(record)
      summary.consumed++
    })
    return this
  }

  get owned () {
    return (this.consumer.assignments ?? []).reduce((sum, a) => sum + a.partitions.length, 0)
  }

  async stop () {
    await this.stream.close()
    await this.consumer.close(true)
  }
}

async function administration () {
  const topic = unique('admin')
  await create(topic, 4, [{ name: 'retention.ms', value: '123456' }])
  await until('topic listed', async () => (await admin.listTopics()).includes(topic))
  check(codes(await refusal(create(topic, 1))).includes('TOPIC_ALREADY_EXISTS'), 'creating twice was accepted')
  const [described] = await admin.describeConfigs({ resources: [{ resourceType: 2, resourceName: topic }] })
  const settings = Object.fromEntries(described.configs.map(c => [c.name, c.value]))
  equal([settings['retention.ms'], settings['cleanup.policy']], ['123456', 'delete'], 'settings')
  const shrinking = await refusal(admin.createPartitions({ topics: [{ name: topic, count: 2, assignments: null }] }))
  check(codes(shrinking).includes('INVALID_PARTITIONS'), `shrinking was accepted: ${codes(shrinking)}`)
  await admin.createPartitions({ topics: [{ name: topic, count: 6, assignments: null }] })
  await until('topic grew', async () =>
    (await admin.metadata({ topics: [topic], forceUpdate: true })).topics.get(topic).partitionsCount === 6)
  await admin.deleteTopics({ topics: [topic] })
  await until('topic gone', async () => !(await admin.listTopics()).includes(topic))
}

async function codecs () {
  const topic = unique('codecs')
  await create(topic, 1)
  const sent = []
  // zstd needs a Node.js whose zlib has it (22.15); the version here may not.
  const zstd = typeof zlib.zstdCompressSync === 'function' ? ['zstd'] : []
  for (const compression of ['none', 'gzip', 'snappy', 'lz4', ...zstd]) {
    const producer = new Producer({ ...base, serializers: stringSerializers, idempotent: true })
    const messages = Array.from({ length: 200 }, (_, i) => ({
      topic,
      key: `${compression}-${i}`,
      value: `${compression} ${i} `.repeat(20),
      headers: { codec: compression, empty: '' },
      timestamp: BigInt(1_700_000_000_000 + sent.length + i)
    }))
    await producer.send({ messages, compression, acks: -1 })
    await producer.close()
    sent.push(...messages)
  }
  summary.produced += sent.length
  const reader = await new Member(unique('g'), topic).start({ mode: 'earliest' })
  await until('all codecs read', () => reader.records.length >= sent.length)
  const found = reader.records.map(r => ({
    topic: r.topic, key: r.key, value: r.value, headers: Object.fromEntries(r.headers), timestamp: r.timestamp }))
  equal(found, sent, 'records of all codecs')
  const ends = await reader.consumer.listOffsets({ topics: [topic], timestamp: -1n })
  equal(ends.get(topic), [BigInt(sent.length)], 'end offset')
  const byTime = await reader.consumer.listOffsets({ topics: [topic], timestamp: BigInt(1_700_000_000_000 + 700) })
  equal(byTime.get(topic), [700n], 'offset by time')
  await reader.stop()
  const sought = await new Member(unique('g'), topic).start({ mode: 'manual', offsets: [{ topic, partition: 0, offset: 345n }] })
  await until('seek', () => sought.records.length > 0)
  equal([sought.records[0].offset, sought.records[0].key], [345n, sent[345].key], 'seek')
  await sought.stop()
}

async function partitionsAsJava () {
  const topic = unique('keys')
  await create(topic, 12)
  // Its own partitioner takes the hash unsigned where Java masks the sign, so Java's is given.
  const partitioner = message => (murmur2(message.key) & 0x7fffffff) % 12
  const producer = new Producer({ ...base, serializers: stringSerializers, partitioner })
  const found = {}
  for (const key of Object.keys(JAVA_PARTITIONS_OF_12)) {
    const answer = await producer.send({ messages: [{ topic, key, value: 'x' }], acks: -1 })
    found[key] = answer.offsets[0].partition
    summary.produced++
  }
  equal(found, JAVA_PARTITIONS_OF_12, 'partitions of keys')
  await producer.close()
}

async function groups () {
  const [topic, group] = [unique('group'), unique('g')]
  await create(topic, 4)
  const first = await new Member(group, topic).start()
  const second = await new Member(group, topic).start()
  await until('two members own two each', () => first.owned === 2 && second.owned === 2)
  const producer = new Producer({ ...base, serializers: stringSerializers })
  const messages = Array.from({ length: 400 }, (_, i) => ({ topic, key: `k${i}`, value: `v${i}` }))
  await producer.send({ messages, acks: -1 })
  summary.produced += 400
  await until('the group read all', () => first.records.length + second.records.length >= 400)
  equal(new Set([...first.records, ...second.records].map(r => r.key)).size, 400, 'records read')
  await second.stop()
  await until('the member that stays owns all', () => first.owned === 4)
  const other = await new Member(unique('g'), topic).start()
  await until('a second group reads its own copy', () => other.records.length === 400)
  await other.stop()
  await pause(500)
  await first.stop()
  const resumed = await new Member(group, topic).start()
  await producer.send({ messages: [{ topic, key: 'after', value: 'x', partition: 0 }], acks: -1 })
  summary.produced++
  await until('new record read', () => resumed.records.length > 0)
  equal(resumed.records.map(r => r.key), ['after'], 'committed offsets survive')
  await resumed.stop()
  await producer.close()
}

await administration()
await codecs()
await partitionsAsJava()
await groups()
await admin.close()
close('@platformatic/kafka')
