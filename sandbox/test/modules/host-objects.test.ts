import { describe, expect, test } from 'vitest'
import { runInSandbox } from '../run-both.ts'

const lines = async (text: string) => {
  const { stdout, stderr, exitCode } = await runInSandbox({ 'main.cjs': text })
  expect(exitCode, stdout + stderr).toBe(0)
  return stdout.trimEnd().split('\n')
}

describe('objects that a program holds on the host', () => {
  test('misused compression handles throw and leave the process alive', async () => {
    const printed = await lines(`
      const { Zlib, BrotliEncoder } = process.binding('zlib')
      const attempt = (run) => {
        try { console.log(run()) } catch (error) { console.log(error.name) }
      }
      const init = (handle) => handle.init(15, 6, 8, 0, new Uint32Array(2), () => {}, undefined, false)
      attempt(() => new Zlib(99))
      attempt(() => new Zlib('x'))
      const handle = new Zlib(1)
      attempt(() => handle.writeSync(0, Buffer.from('a'), 0, 1, Buffer.alloc(9), 0, 9))
      attempt(() => handle.init(99, 6, 8, 0, new Uint32Array(2), () => {}))
      init(handle)
      attempt(() => init(handle))
      attempt(() => handle.writeSync(99, Buffer.from('a'), 0, 1, Buffer.alloc(9), 0, 9))
      handle.close()
      attempt(() => handle.writeSync(0, Buffer.from('a'), 0, 1, Buffer.alloc(9), 0, 9))
      attempt(() => new BrotliEncoder(9).init('params', new Uint32Array(2), () => {}))
      console.log('alive')
    `)
    expect(printed).toEqual([
      'RangeError',
      'RangeError',
      'TypeError',
      'RangeError',
      'TypeError',
      'RangeError',
      'Error',
      'TypeError',
      'alive',
    ])
  })

  test('are freed when they are done, however many one turn makes', async () => {
    const [printed] = await lines(`
      const crypto = require('node:crypto')
      for (let i = 0; i < 9000; i++) {
        const cipher = crypto.createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16))
        cipher.update('x'.repeat(100))
        cipher.final()
      }
      console.log('made them all')
    `)
    expect(printed).toBe('made them all')
  })

  test('are freed when the program forgets them', async () => {
    const [printed] = await lines(`
      const crypto = require('node:crypto')
      let turns = 0
      setImmediate(function turn() {
        for (let i = 0; i < 100; i++) {
          crypto.createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16)).update('x')
        }
        globalThis.garbage = Array.from({ length: 50000 }, () => ({}))
        if (++turns < 90) setImmediate(turn)
        else console.log('made them all')
      })
    `)
    expect(printed).toBe('made them all')
  })

  test('are bounded while the program keeps them', async () => {
    const [printed] = await lines(`
      const crypto = require('node:crypto')
      const kept = []
      try {
        for (;;) kept.push(crypto.createCipheriv('aes-128-cbc', Buffer.alloc(16), Buffer.alloc(16)))
      } catch (error) {
        console.log(kept.length > 1000, error.name, error.message)
      }
    `)
    expect(printed).toBe('true RangeError More than 8192 crypto objects are alive at once')
  })

  test('hand over their bytes without what lies beside them on the host', async () => {
    const printed = await lines(`
      const crypto = require('node:crypto')
      console.log(crypto.createHash('md5').digest().buffer.byteLength)
      console.log(crypto.createSecretKey(Buffer.from('abc')).export().buffer.byteLength)
      const { publicKey } = crypto.generateKeyPairSync('ed25519')
      console.log(publicKey.export({ type: 'spki', format: 'der' }).buffer.byteLength)
      console.log(require('node:buffer').transcode(Buffer.from('é'), 'utf8', 'latin1').buffer.byteLength)
    `)
    expect(printed).toEqual(['16', '3', '44', '1'])
  })

  test('read no file of the host through a key', async () => {
    const printed = await lines(`
      const crypto = require('node:crypto')
      for (const key of [new URL('file:///etc/passwd'), { key: new URL('file:///etc/passwd') }]) {
        try { console.log(crypto.createPrivateKey(key)) } catch (error) { console.log(error.code) }
      }
    `)
    expect(printed).toEqual([
      'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
      'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM',
    ])
  })
})

describe('random values', () => {
  const program = `
    const crypto = require('node:crypto')
    console.log(crypto.randomBytes(8).toString('hex'), crypto.randomUUID(), crypto.randomInt(1e9))
    console.log(Math.random(), crypto.getRandomValues(new Uint8Array(4)).join())
    console.log(crypto.generateKeySync('aes', { length: 128 }).export().toString('hex'))
  `

  test('repeat with the seed of the run', async () => {
    expect(await lines(program)).toEqual(await lines(program))
  })

  test('differ within a run', async () => {
    const printed = await lines(`
      const crypto = require('node:crypto')
      const seen = new Set(Array.from({ length: 1000 }, () => crypto.randomUUID()))
      console.log(seen.size)
    `)
    expect(printed).toEqual(['1000'])
  })
})

describe('a buffer that was transferred', () => {
  test('is detached at the sender and whole at the receiver', async () => {
    const printed = await lines(`
      const source = new Uint8Array([1, 2, 3]).buffer
      const copy = structuredClone({ source }, { transfer: [source] })
      console.log(source.byteLength, source.detached, [...new Uint8Array(copy.source)].join())
    `)
    expect(printed).toEqual(['0 true 1,2,3'])
  })
})
