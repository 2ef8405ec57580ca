import type { Env, NodeObject } from '../../isolate/env.ts'
import { cloneError } from './clone-error.ts'
import { isMovable, StructuredCloner } from './structured-clone.ts'

type CreateObject = (deserializeInfo: string) => NodeObject

export interface Payload {
  value: unknown
  /** Ports that moved with the message, in the order of the transfer list. */
  ports: object[]
}

/** What a transfer list names, sorted by how it moves. */
export interface TransferList {
  transferred: Set<object>
  buffers: ArrayBuffer[]
  movable: object[]
}

/** @throws DataCloneError for what cannot be transferred */
export function readTransferList(env: Env, items: unknown[]): TransferList {
  const isArrayBuffer = env.internalBinding('types').isArrayBuffer as (value: unknown) => boolean
  const mode = env.privateSymbols.transfer_mode_private_symbol as symbol
  const untransferable = env.privateSymbols.untransferable_object_private_symbol as symbol
  const transferred = new Set<object>()
  const buffers: ArrayBuffer[] = []
  const movable: object[] = []
  for (const item of items as object[]) {
    const isBuffer = isArrayBuffer(item)
    if (transferred.has(item)) {
      const what = isBuffer ? 'ArrayBuffer' : isMovable(item) ? 'MessagePort' : 'host object'
      throw cloneError(env, `Transfer list contains duplicate ${what}`)
    }
    const isTransferable = isBuffer || isMovable(item) || isMarkedTransferable(item, mode)
    if (!isTransferable) throw cloneError(env, 'Found invalid value in transferList.')
    const isRefused =
      (item as NodeObject)[untransferable] === true ||
      (isBuffer && (item as { detached?: boolean }).detached === true)
    if (isRefused) throw cloneError(env, 'Cannot transfer object of unsupported type.')
    transferred.add(item)
    if (isBuffer) buffers.push(item as ArrayBuffer)
    else if (isMovable(item)) movable.push(item)
  }
  return { transferred, buffers, movable }
}

/**
 * Clones a message within this thread and moves what its transfer list names. An `ArrayBuffer` moves by copying and
 * detaching: the sender's is empty afterwards, as it should be, but the bytes are not the same memory.
 */
export function cloneWithTransfer(
  env: Env,
  createObject: CreateObject,
  value: unknown,
  transferList: unknown[],
): Payload {
  const { transferred, buffers, movable } = readTransferList(env, transferList)
  const cloner = new StructuredCloner(env, createObject, transferred)
  const cloned = cloner.clone(value)
  for (const buffer of buffers) {
    cloner.clone(buffer)
    env.intrinsics.detachArrayBuffer(buffer)
  }
  return { value: cloned, ports: movable.map((port) => cloner.clone(port) as object) }
}

function isMarkedTransferable(item: object, mode: symbol): boolean {
  const value = (item as NodeObject)[mode]
  return typeof value === 'number' && (value & 1) !== 0
}
