import type { Env, NodeObject } from '../../isolate/env.ts'
import { createReaderClass } from '../serdes/reader.ts'
import { createWriterClass } from '../serdes/writer.ts'
import { cloneError } from './clone-error.ts'
import {
  describeScripted,
  fillScripted,
  hasTransferMode,
  isMovable,
  isNative,
  missingTransfer,
  parcelOf,
  sendMovable,
} from './structured-clone.ts'
import { type Payload, readTransferList } from './transfer.ts'

interface Writer {
  writeHeader(): void
  writeUint32(value: number): void
  writeValue(value: unknown): void
  releaseBuffer(): Uint8Array
}

interface Reader {
  readHeader(): void
  readUint32(): number
  readValue(): unknown
}

type WriterClass = new () => Writer
type ReaderClass = new (bytes: Uint8Array) => Reader

/** Turns plain values into bytes for another thread and back. */
export interface Packer {
  pack(value: unknown): Uint8Array
  unpack(bytes: Uint8Array): unknown
}

/** For our own calls between threads: plain data, no objects of Node's. */
export function createPacker(env: Env): Packer {
  let classes: { Writer: WriterClass; Reader: ReaderClass } | undefined
  const load = () => {
    classes ??= {
      Writer: createWriterClass(env) as unknown as WriterClass,
      Reader: createReaderClass(env) as unknown as ReaderClass,
    }
    return classes
  }
  return {
    pack(value) {
      const { Writer } = load()
      const writer = new Writer()
      writer.writeHeader()
      writer.writeValue(value)
      return exact(writer.releaseBuffer())
    },
    unpack(bytes) {
      const { Reader } = load()
      const reader = new Reader(bytes)
      reader.readHeader()
      return reader.readValue()
    },
  }
}

/** How an object of Node's or ours stands in the bytes of a message. */
const hostKind = { port: 0, native: 1, scripted: 2 } as const

export interface PackedMessage {
  bytes: Uint8Array
  /** Ends of channels that move with it, as the hub knows them. */
  ports: number[]
}

/** What makes a native object of the data of its parcel, by its kind. */
const makers = new Map<string, (data: unknown) => object>()

export function registerMaker(kind: string, make: (data: never) => object): void {
  makers.set(kind, make as (data: unknown) => object)
}

export interface MessagePacker {
  /** @throws DataCloneError; nothing has moved then */
  pack(value: unknown, transferList: unknown[]): PackedMessage
  /** @param ports the moved ends, as ports of this thread */
  unpack(bytes: Uint8Array, ports: object[]): Payload
}

/** Structured clone between threads, in V8's wire format with Node's objects as its host objects. */
export function createMessagePacker(
  env: Env,
  createObject: (deserializeInfo: string) => NodeObject,
): MessagePacker {
  const isHostObject = (value: object) => isNative(value) || hasTransferMode(env, value)
  let Base: WriterClass | undefined

  function createWriter(transferred: Set<object>, ports: object[]): Writer {
    Base ??= createWriterClass(env, isHostObject) as unknown as WriterClass
    return new (class extends Base {
      _getDataCloneError = function CloneError(message: string) {
        return cloneError(env, message)
      }
      _writeHostObject(value: object): void {
        if (isMovable(value)) this.#writePort(value)
        else if (isNative(value)) this.#writeNative(value)
        else {
          const { data, deserializeInfo } = describeScripted(env, value, transferred)
          this.writeUint32(hostKind.scripted)
          this.writeValue(deserializeInfo)
          this.writeValue(data)
        }
      }
      #writePort(port: object): void {
        if (!transferred.has(port)) throw missingTransfer(env)
        let index = ports.indexOf(port)
        if (index < 0) index = ports.push(port) - 1
        this.writeUint32(hostKind.port)
        this.writeUint32(index)
      }
      #writeNative(value: object): void {
        const parcel = parcelOf(value)
        if (parcel === undefined) {
          const { name } = value.constructor
          throw cloneError(env, `${name} cannot be sent to another thread in the sandbox.`)
        }
        this.writeUint32(hostKind.native)
        this.writeValue(parcel.kind)
        this.writeValue(parcel.data)
      }
    })()
  }

  const Reader = createReaderClass(env) as unknown as ReaderClass
  function createReader(bytes: Uint8Array, ports: object[]): Reader {
    return new (class extends Reader {
      _readHostObject(): unknown {
        const kind = this.readUint32()
        if (kind === hostKind.port) return ports[this.readUint32()]
        const name = String(this.readValue())
        if (kind === hostKind.native) {
          const make = makers.get(name) ?? loadMaker(env, name)
          return make(this.readValue())
        }
        const copy = createObject(name)
        fillScripted(env, copy, this.readValue())
        return copy
      }
    })(bytes)
  }

  return {
    pack(value, transferList) {
      const { transferred, buffers, movable } = readTransferList(env, transferList)
      const ports = [...movable]
      const writer = createWriter(transferred, ports)
      writer.writeHeader()
      writer.writeUint32(movable.length)
      writer.writeValue(value)
      const bytes = exact(writer.releaseBuffer())
      for (const buffer of buffers) env.intrinsics.detachArrayBuffer(buffer)
      return { bytes, ports: ports.map(sendMovable) }
    },
    unpack(bytes, ports) {
      const reader = createReader(bytes, ports)
      reader.readHeader()
      const count = reader.readUint32()
      return { value: reader.readValue(), ports: ports.slice(0, count) }
    },
  }
}

/** Kinds are named after the binding that registers their maker. */
function loadMaker(env: Env, kind: string): (data: unknown) => object {
  env.internalBinding(kind.split('.', 1)[0] as string)
  const make = makers.get(kind)
  if (make === undefined) throw new Error('Unable to deserialize cloned data.')
  return make
}

/** As plain bytes; a writer's buffer holds nothing else. */
function exact({ buffer }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer)
}
