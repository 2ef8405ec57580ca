import { errorCode, failure } from './codes.ts'
import type { Connection } from './connection.ts'
import { maxWindow } from './settings.ts'
import type { StreamRecord } from './stream-record.ts'

/** The window is given back to the peer in halves. */
function isWorthSending(window: number, count: number): boolean {
  return count > 0 && count >= Math.trunc(window / 2)
}

/** Counts bytes of DATA against a window; a peer that sends more than it may ends the session. */
export function countReceived(
  connection: Connection,
  window: { received: number; localWindow: number },
  count: number,
): void {
  if (window.received > window.localWindow - count || window.received > maxWindow - count) {
    connection.terminate(errorCode.flowControl)
    return
  }
  window.received += count
}

/** The program has taken `count` bytes; the peer may send as many again. 0 asks whether enough has gathered. */
export function consumeConnection(connection: Connection, count: number): void {
  consume(connection, connection, 0, count)
}

export function consumeStream(connection: Connection, stream: StreamRecord, count: number): void {
  consume(connection, stream, stream.id, count)
}

function consume(
  connection: Connection,
  window: { consumed: number; received: number; localWindow: number; hasWindowUpdate: boolean },
  streamId: number,
  count: number,
): void {
  if (window.consumed > maxWindow - count) {
    connection.terminate(errorCode.flowControl)
    return
  }
  window.consumed += count
  if (window.hasWindowUpdate) return
  const returned = Math.min(window.consumed, window.received)
  if (!isWorthSending(window.localWindow, returned)) return
  connection.submitWindowUpdate(streamId, returned)
  window.received -= returned
  window.consumed -= returned
}

/** Sets the size of the connection's own window: 0 or a failure. */
export function setLocalWindow(connection: Connection, size: number): number {
  if (size < 0) return failure.invalidArgument
  const change = size - connection.localWindow
  if (change === 0) return 0
  if (change < 0) {
    // The peer is not told; what it sends is given back later than it was taken.
    if (connection.received < -(2 ** 31) - change) return failure.flowControl
    connection.localWindow += change
    connection.received += change
    connection.reduction -= change
    return 0
  }
  connection.localWindow += change
  const repaid = Math.min(connection.reduction, change)
  connection.reduction -= repaid
  connection.received += repaid
  if (change > repaid) connection.submitWindowUpdate(0, change - repaid)
  return 0
}
