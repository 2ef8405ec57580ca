import { unavailableError } from '../isolate/compose-binding.ts'
import type { BindingFactory } from '../isolate/env.ts'
import { toArrayBuffer } from './door-call.ts'
import { registerMaker } from './messaging/message-bytes.ts'
import { registerCloner } from './messaging/structured-clone.ts'

type Pull = (status: number, buffer?: ArrayBuffer) => void
const statusEnd = 0
const statusContinue = 1

/** Blobs in memory: lists of byte pieces that never change. */
export const blob: BindingFactory = () => {
  class BlobHandle {
    readonly pieces: Uint8Array[]

    constructor(pieces: Uint8Array[]) {
      this.pieces = pieces
      registerCloner(
        this,
        () => this,
        () => ({ kind: 'blob.Blob', data: this.pieces.map((piece) => piece.slice()) }),
      )
    }

    getReader() {
      let next = 0
      const { pieces } = this
      return {
        pull(callback: Pull) {
          const piece = pieces[next++]
          if (piece === undefined) callback(statusEnd)
          else callback(statusContinue, toArrayBuffer(piece.slice()))
        },
        setWakeup() {},
      }
    }

    slice(start: number, end: number): BlobHandle {
      const kept: Uint8Array[] = []
      let at = 0
      for (const piece of this.pieces) {
        const from = Math.max(0, start - at)
        const to = Math.min(piece.length, end - at)
        if (from < to) kept.push(piece.subarray(from, to))
        at += piece.length
      }
      return new BlobHandle(kept)
    }
  }

  registerMaker('blob.Blob', (pieces: Uint8Array[]) => new BlobHandle(pieces))

  const stored = new Map<string, [BlobHandle, number, string]>()
  return {
    createBlob(sources: (BlobHandle | Uint8Array)[]) {
      return new BlobHandle(
        sources.flatMap((source) => {
          if (source instanceof BlobHandle) return source.pieces
          return source.length === 0 ? [] : [source]
        }),
      )
    },
    concat(parts: (ArrayBuffer | ArrayBufferView)[]) {
      const views = parts.map((part) =>
        ArrayBuffer.isView(part)
          ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength)
          : new Uint8Array(part),
      )
      const joined = new Uint8Array(views.reduce((total, view) => total + view.length, 0))
      let at = 0
      for (const view of views) {
        joined.set(view, at)
        at += view.length
      }
      return joined.buffer
    },
    storeDataObject(id: string, handle: BlobHandle, length: number, type: string) {
      stored.set(id, [handle, length, type])
    },
    getDataObject: (id: string) => stored.get(id),
    revokeObjectURL(url: string) {
      const id = /^blob:nodedata:([^?#]+)/.exec(url)?.[1]
      if (id !== undefined) stored.delete(id)
    },
    createBlobFromFilePath() {
      throw unavailableError('file-backed blobs')
    },
  }
}
