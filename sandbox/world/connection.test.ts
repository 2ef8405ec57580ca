import { expect, test } from 'vitest'
import { windowBytes } from '../bindings/net/endpoint.ts'
import { Connection, maxBytesUnderWay } from './connection.ts'
import type { WorldMessage } from './messages.ts'
import { Schedule } from './schedule.ts'

function connect(delayMs = 0, account = { underWay: 0 }) {
  const client: WorldMessage[] = []
  const server: WorldMessage[] = []
  const schedule = new Schedule()
  let nowMs = 0
  let isGone = false
  const connection = new Connection(
    { id: 1, account: { underWay: 0 }, send: (message) => client.push(message) },
    { id: 2, account, send: (message) => server.push(message) },
    { host: 'a.test', port: 80, delayMs },
    {
      deliver: (delay, run) => (delay === 0 ? run() : void schedule.add(nowMs + delay, run)),
      onGone: () => {
        isGone = true
      },
    },
  )
  const advance = (ms: number) => {
    nowMs += ms
    schedule.runDue(nowMs)
  }
  return { connection, client, server, advance, isGone: () => isGone }
}

test('bytes keep their order through a delay', () => {
  const { connection, server, advance } = connect(10)
  connection.data(0, new Uint8Array([1]))
  connection.data(0, new Uint8Array([2]))
  connection.end(0)
  expect(server).toEqual([])
  advance(10)
  expect(server.map(({ kind }) => kind)).toEqual(['net-data', 'net-data', 'net-end'])
})

test('a sender is held to its window until the reader acknowledges', () => {
  const { connection, client } = connect()
  expect(connection.data(0, new Uint8Array(windowBytes))).toBe(true)
  expect(connection.acknowledge(1, 5)).toBe(true)
  expect(client).toEqual([{ kind: 'net-ack', id: 1, count: 5 }])
  expect(connection.data(0, new Uint8Array(5))).toBe(true)
  expect(connection.data(0, new Uint8Array(1))).toBe(false)
})

test('a reader cannot acknowledge what it was never sent', () => {
  const { connection } = connect()
  expect(connection.acknowledge(1, 1)).toBe(false)
})

test('bytes for a closed side come back as a reset', () => {
  const { connection, client, isGone } = connect()
  connection.close(1)
  expect(client).toEqual([{ kind: 'net-end', id: 1 }])
  connection.data(0, new Uint8Array(1))
  expect(client.at(-1)).toEqual({ kind: 'net-reset', id: 1 })
  expect(isGone()).toBe(true)
})

test('a connection is gone when both sides have closed', () => {
  const { connection, isGone } = connect()
  connection.close(0)
  expect(isGone()).toBe(false)
  connection.close(1)
  expect(isGone()).toBe(true)
})

test('a reset overtakes nothing that was sent before it', () => {
  const { connection, server, advance } = connect(5)
  connection.data(0, new Uint8Array([1]))
  connection.reset(0)
  advance(5)
  expect(server.map(({ kind }) => kind)).toEqual(['net-data', 'net-reset'])
})

test('a party is held to what it has under way on all of its connections', () => {
  const account = { underWay: maxBytesUnderWay - 10 }
  const { connection } = connect(0, account)
  expect(connection.data(1, new Uint8Array(10))).toBe(true)
  expect(connection.data(1, new Uint8Array(1))).toBe(false)
  connection.reset(1)
  expect(account.underWay).toBe(maxBytesUnderWay - 10)
})
