// What the suites share: the checks' words, and the partitions that Java's default partitioner gives to keys.
import { randomUUID } from 'node:crypto'

// Newer clients call it; Node.js has it from version 22.
Promise.withResolvers ??= function () {
  const parts = {}
  parts.promise = new this((resolve, reject) => Object.assign(parts, { resolve, reject }))
  return parts
}

// Of 12 partitions; murmur2 as Java's default partitioner uses it.
export const JAVA_PARTITIONS_OF_12 = {
  a: 4,
  21: 0,
  foobar: 6,
  'a-little-bit-long-string': 8,
  'a-little-bit-longer-string': 11
}

export const summary = { produced: 0, consumed: 0, rebalances: 0 }

export function close (name) {
  check(summary.produced > 0 && summary.consumed > 0, 'the suite produced and consumed nothing')
  console.log(`SUITE ${name} produced=${summary.produced} consumed=${summary.consumed} rebalances=${summary.rebalances}`)
  process.exit(0)
}

export function check (holds, words) {
  if (!holds) {
    console.error(`FAILED: ${words}`)
    process.exit(1)
  }
}

export function equal (found, wanted, words) {
  const text = value => JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v))
  check(text(found) === text(wanted), `${words}: found ${text(found)}, wanted ${text(wanted)}`)
}

export const unique = kind => `${kind}-${randomUUID().slice(0, 8)}`
export const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

export async function until (words, condition, seconds = 60) {
  for (let i = 0; i < seconds * 20; i++) {
    if (await condition()) return
    await pause(50)
  }
  check(false, `not within ${seconds} s: ${words}`)
}

export async function refusal (promise) {
  try {
    await promise
    return undefined
  } catch (error) {
    return error
  }
}

export const servers = process.argv[2]
check(servers, 'usage: suite HOST:PORT')
setTimeout(() => check(false, 'the suite took over 240 s'), 240_000).unref()
process.on('unhandledRejection', error => check(false, `unhandled: ${error?.stack ?? error}`))
