import type { SocketLike } from '../live/live-socket.ts'

/** A WebSocket whose other end is the test. */
export interface FakeSocket extends SocketLike {
  sent: { type: string; [key: string]: unknown }[]
  isClosed: boolean
  /** The connection comes up. */
  open(): void
  /** The server says something. */
  say(message: { type: string; [key: string]: unknown }): void
  /** The connection breaks, or the server closes it. */
  drop(code?: number): void
}

/** Hands out fake sockets; `sockets` lists every one that was asked for, oldest first. */
export function createFakeSockets(): {
  sockets: FakeSocket[]
  createSocket: () => FakeSocket
  latest: () => FakeSocket
} {
  const sockets: FakeSocket[] = []
  const createSocket = (): FakeSocket => {
    const socket: FakeSocket = {
      sent: [],
      isClosed: false,
      onopen: null,
      onmessage: null,
      onclose: null,
      send(text) {
        socket.sent.push(JSON.parse(text) as FakeSocket['sent'][number])
      },
      close() {
        socket.isClosed = true
      },
      open() {
        socket.onopen?.()
      },
      say(message) {
        socket.onmessage?.({ data: JSON.stringify(message) })
      },
      drop(code = 1006) {
        socket.onclose?.({ code })
      },
    }
    sockets.push(socket)
    return socket
  }
  const latest = (): FakeSocket => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('expected a socket, none was opened')
    return socket
  }
  return { sockets, createSocket, latest }
}
