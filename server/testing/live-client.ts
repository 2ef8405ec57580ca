import type { Socket } from 'node:net'
import type { WebSocket } from 'ws'
import * as Y from 'yjs'
import {
  type CandidateServerMessage,
  filesMapName,
  liveProtocolVersion,
} from '../../contract/live.ts'
import { type TestApp, testOrigin } from './test-app.ts'

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** Reads messages in order; `next` skips to the first that fits. */
const createInbox = <Message extends { type: string }>(socket: WebSocket) => {
  const arrived: Message[] = []
  let wake = () => {}
  socket.on('message', (data) => {
    arrived.push(JSON.parse(String(data)))
    wake()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  return {
    arrived,
    closed,
    async next<Type extends Message['type']>(
      type: Type,
      fits: (message: Message & { type: Type }) => boolean = () => true,
    ): Promise<Message & { type: Type }> {
      for (;;) {
        const at = arrived.findIndex(
          (each) => each.type === type && fits(each as Message & { type: Type }),
        )
        const found = arrived[at]
        if (found) {
          arrived.splice(at, 1)
          return found as Message & { type: Type }
        }
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

/** Opens a WebSocket in process; `onInit` sees it before the first message can arrive. */
export const connect = async (
  app: TestApp['app'],
  url: string,
  { cookie, origin = testOrigin }: { cookie: string; origin?: string },
  onInit: (socket: WebSocket) => void = () => {},
) => {
  const upgrade = {
    headers: { cookie, origin, host: new URL(testOrigin).host },
    socket: { remoteAddress: '127.0.0.1' } as Socket,
  }
  return (await app.injectWS(url, upgrade, { onInit })) as unknown as WebSocket
}

/** One tab of a candidate: a connection and a document per item, speaking the protocol as the page does. */
export const openTab = async (app: TestApp['app'], cookie: string) => {
  let inbox: ReturnType<typeof createInbox<CandidateServerMessage>> | undefined
  const ownSocket = await connect(app, '/api/candidate/live', { cookie }, (created) => {
    inbox = createInbox<CandidateServerMessage>(created)
  })
  if (!inbox) throw new Error('No socket')
  const ownInbox = inbox
  const say = (message: object) => ownSocket.send(JSON.stringify(message))
  const hello = await ownInbox.next('hello')
  say({ type: 'hello', version: liveProtocolVersion })
  let seq = 0

  return {
    socket: ownSocket,
    inbox: ownInbox,
    hello,
    say,
    /** Joins an item; the answer edits it. */
    async join(itemId: string) {
      const doc = new Y.Doc()
      const files = doc.getMap<Y.Text>(filesMapName)
      say({ type: 'join', itemId, stateVector: toBase64(Y.encodeStateVector(doc)) })
      const joined = await ownInbox.next('joined')
      Y.applyUpdate(doc, Buffer.from(joined.update, 'base64'))
      const sendUpdate = (update: Uint8Array) => {
        seq += 1
        say({ type: 'update', itemId, seq, update: toBase64(update) })
        return seq
      }
      return {
        doc,
        files,
        sendUpdate,
        /** Makes a change and sends it; answers its number. */
        edit(change: (files: Y.Map<Y.Text>) => void) {
          const updates: Uint8Array[] = []
          const collect = (update: Uint8Array) => updates.push(update)
          doc.on('update', collect)
          doc.transact(() => change(files))
          doc.off('update', collect)
          return sendUpdate(Y.mergeUpdates(updates))
        },
        text: (path: string) => files.get(path)?.toString(),
      }
    },
  }
}
