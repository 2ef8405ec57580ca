import type { Env, NodeFunction } from '../../isolate/env.ts'
import { toBuffer } from '../door-call.ts'
import type { Descriptor, Descriptors } from './descriptors.ts'
import type { Operation } from './operation.ts'
import { bytesOf, type Transfer } from './transfer.ts'

/** The thread that holds the files and the table of open ones: they are the process's. */
const holder = 0
const longestReadBytes = 16 << 20
const service = (name: string) => `fs.${name}`

/** Lets workers use the files that lie here. */
export function provideFiles(
  env: Env,
  descriptors: Descriptors,
  transfer: Transfer,
  functions: Record<string, NodeFunction>,
): void {
  const provide = (name: string, run: NodeFunction) => env.threads.provide(service(name), run)
  for (const [name, run] of Object.entries(functions)) provide(name, run)
  provide('descriptor', (fd) => {
    const { node } = descriptors.get(Number(fd))
    return { kind: node.kind, size: node.kind === 'file' ? node.size : 0 }
  })
  provide('readBytes', (fd, length, position) => {
    const target = new Uint8Array(Math.min(Number(length), longestReadBytes))
    return target.slice(0, transfer.read(Number(fd), target, position))
  })
  provide('readRest', (fd) => transfer.readRest(Number(fd)).slice())
  provide('writeBytes', (fd, bytes, position) =>
    transfer.write(Number(fd), bytes as Uint8Array, position),
  )
}

/** A function of the binding that is run where the files lie. */
export function remoteFunction(env: Env, name: string, binding = 'fs'): NodeFunction {
  return (...args) => asGiven(env, env.threads.call(holder, `${binding}.${name}`, ...args))
}

/** An operation whose work is done where the files lie; how its caller learns of it stays here. */
export function remoteOperation(env: Env, name: string, operation: Operation): Operation {
  const run = remoteFunction(env, name)
  return {
    ...operation,
    // The request is an object of this thread.
    run: (...args) => run(...args.map((arg, i) => (i === operation.requestAt ? undefined : arg))),
  }
}

/** Open files of the process, by descriptor. */
export function remoteDescriptors(env: Env): Descriptors {
  const call = (name: string, ...args: unknown[]) =>
    env.threads.call(holder, service(name), ...args)
  return {
    open: (path: string, flags: number, mode: number) => call('open', path, flags, mode) as number,
    close: (fd: number) => void call('close', fd),
    get: (fd: number) => ({ node: call('descriptor', fd) }) as Descriptor,
  } as Descriptors
}

export function remoteTransfer(env: Env): Transfer {
  const call = (name: string, ...args: unknown[]) =>
    env.threads.call(holder, service(name), ...args)
  return {
    read(fd, target, position) {
      const bytes = call('readBytes', fd, target.byteLength, position) as Uint8Array
      target.set(bytes)
      return bytes.byteLength
    },
    write: (fd, source, position) => call('writeBytes', fd, source.slice(), position) as number,
    readRest: (fd) => call('readRest', fd) as Uint8Array,
  }
}

/** Names as bytes are Buffers, alone or in a list. */
function asGiven(env: Env, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => asGiven(env, item))
  return value instanceof Uint8Array ? toBuffer(env, bytesOf(value)) : value
}
