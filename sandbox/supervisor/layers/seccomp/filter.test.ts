import { describe, expect, test } from 'vitest'
import { assemble } from './assemble.ts'
import { type Architecture, guestFilter } from './filter.ts'
import { allowedCalls } from './syscalls.ts'

const allow = 0x7fff0000
const eperm = 0x00050001
const enosys = 0x00050026
const kill = 0x80000000
const audit = { x64: 0xc000003e, arm64: 0xc00000b7 }

/** What the kernel does with a program, for the instructions we use. */
function evaluate(program: Buffer, data: { nr: number; arch: number; args?: number[] }): number {
  const memory = Buffer.alloc(64)
  memory.writeUInt32LE(data.nr >>> 0, 0)
  memory.writeUInt32LE(data.arch, 4)
  data.args?.forEach((value, i) => {
    memory.writeUInt32LE(value >>> 0, 16 + 8 * i)
  })
  let accumulator = 0
  for (let at = 0; at < program.length / 8; at++) {
    const code = program.readUInt16LE(at * 8)
    const [jumpTrue, jumpFalse] = [program[at * 8 + 2] ?? 0, program[at * 8 + 3] ?? 0]
    const value = program.readUInt32LE(at * 8 + 4)
    const jump = (isTrue: boolean) => {
      at += isTrue ? jumpTrue : jumpFalse
    }
    if (code === 0x20) accumulator = memory.readUInt32LE(value)
    else if (code === 0x15) jump(accumulator === value)
    else if (code === 0x35) jump(accumulator >= value)
    else if (code === 0x45) jump((accumulator & value) !== 0)
    else if (code === 0x06) return value
    else throw new Error(`unknown instruction ${code}`)
  }
  throw new Error('the program ended without an answer')
}

const refusedCalls = {
  x64: {
    socket: 41,
    connect: 42,
    fork: 57,
    vfork: 58,
    kill: 62,
    ptrace: 101,
    mount: 165,
    bpf: 321,
    io_uring_setup: 425,
    unshare: 272,
    process_vm_readv: 310,
    setuid: 105,
  },
  arm64: {
    socket: 198,
    connect: 203,
    kill: 129,
    ptrace: 117,
    mount: 40,
    bpf: 280,
    io_uring_setup: 425,
    unshare: 97,
    process_vm_readv: 270,
    setuid: 146,
  },
} as const
const numbers = {
  x64: { clone: 56, clone3: 435, ioctl: 16, prctl: 157 },
  arm64: { clone: 220, clone3: 435, ioctl: 29, prctl: 167 },
} as const

describe.each(['x64', 'arm64'] as const)('guestFilter of %s', (architecture: Architecture) => {
  const program = guestFilter(architecture)
  const own = numbers[architecture]
  const ask = (nr: number, ...args: number[]) =>
    evaluate(program, { nr, arch: audit[architecture], args })

  test('allows each call of the list', () => {
    const column = architecture === 'x64' ? 1 : 2
    for (const call of allowedCalls) {
      if (call[column] !== null) expect([call[0], ask(call[column])]).toEqual([call[0], allow])
    }
  })

  test.each(Object.entries(refusedCalls[architecture]))('refuses %s', (_, nr) => {
    expect(ask(nr)).toBe(eperm)
  })

  test('makes threads, but no process and no namespace', () => {
    const thread = 0x3d0f00
    expect(ask(own.clone, thread)).toBe(allow)
    expect(ask(own.clone, 0x1200011)).toBe(eperm)
    expect(ask(own.clone, thread | 0x10000000)).toBe(eperm)
    expect(ask(own.clone3, 0)).toBe(enosys)
  })

  test('lets a terminal be asked for, but nothing be typed into it', () => {
    expect(ask(own.ioctl, 1, 0x5401)).toBe(allow)
    expect(ask(own.ioctl, 1, 0x5412)).toBe(eperm)
  })

  test('names threads, but takes no privilege setting', () => {
    expect(ask(own.prctl, 15)).toBe(allow)
    expect(ask(own.prctl, 4)).toBe(eperm)
  })

  test('kills a call of a foreign architecture', () => {
    const other = architecture === 'x64' ? audit.arm64 : audit.x64
    expect(evaluate(program, { nr: 0, arch: other })).toBe(kill)
  })
})

test('a call of the x32 ABI kills', () => {
  const program = guestFilter('x64')
  expect(evaluate(program, { nr: 0x40000000, arch: audit.x64 })).toBe(kill)
})

describe('assemble', () => {
  test('refuses a label nobody set', () => {
    expect(() => assemble([{ op: 'jump-if', test: 'equal', value: 1, to: 'nowhere' }])).toThrow(
      'expected a label nowhere',
    )
  })

  test('refuses a jump further than its 8 bits reach', () => {
    const far = Array.from({ length: 256 }, () => ({ op: 'return', value: 0 }) as const)
    expect(() =>
      assemble([
        { op: 'jump-if', test: 'equal', value: 1, to: 'end' },
        ...far,
        { op: 'label', name: 'end' },
      ]),
    ).toThrow('cannot go 256 instructions')
  })
})
