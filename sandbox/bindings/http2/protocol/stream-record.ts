import { MessageRules } from './http-rules.ts'

export type StreamState = 'initial' | 'opening' | 'opened' | 'closing' | 'reserved'

/** A body, or the rest of one, waiting to be sent as DATA frames. */
export interface DataItem {
  streamId: number
  endsStream: boolean
  /** All of it has been read from the stream. */
  isDone: boolean
}

/** What the protocol machine knows of one stream. Closed streams are forgotten. */
export class StreamRecord {
  readonly id: number
  state: StreamState
  /** Promised by PUSH_PROMISE and not answered yet. */
  isPush = false
  /** Nothing more comes from the peer. */
  isReadShut = false
  /** Nothing more goes to the peer. */
  isWriteShut = false
  /** What the peer lets us send. */
  remoteWindow: number
  /** What we let the peer send. */
  localWindow: number
  received = 0
  consumed = 0
  hasWindowUpdate = false
  item: DataItem | undefined
  /** Its body waits for the program, or for the peer's window. */
  isWaitingForData = false
  isWaitingForWindow = false
  /** In the queue of bodies; then `cycle` and `sequence` give its turn. */
  isQueued = false
  cycle = 0
  readonly sequence: number
  lastWriteLength = 0
  urgency = 3
  isIncremental = false
  readonly rules: MessageRules

  constructor(
    id: number,
    state: StreamState,
    sequence: number,
    windows: { remote: number; local: number },
    keepsWhitespace: boolean,
  ) {
    this.id = id
    this.state = state
    this.sequence = sequence
    this.remoteWindow = windows.remote
    this.localWindow = windows.local
    this.rules = new MessageRules(id, keepsWhitespace)
  }

  /** A body that cannot be sent at this moment. */
  get isDeferred(): boolean {
    return this.isWaitingForData || this.isWaitingForWindow
  }

  attach(item: DataItem): void {
    this.item = item
  }

  detach(): void {
    this.item = undefined
    this.isWaitingForData = false
    this.isWaitingForWindow = false
  }
}
