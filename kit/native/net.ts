import { connect as connectSocket } from 'node:net'
import type { Net, RawConnection } from '../types.ts'

/** Silence after which `read` answers with what came so far. */
const idleMs = 250

function refuse(verb: string): never {
  throw new Error(`net.${verb} needs the virtual network: put the case into sandboxOnly()`)
}

/** Raw connections over loopback; everything that needs a network of our own is refused. */
export const nativeNet: Net = {
  serve: async () => refuse('serve'),
  fail: () => refuse('fail'),
  delay: () => refuse('delay'),
  log: () => refuse('log'),
  connect(port) {
    return new Promise((resolve, reject) => {
      const socket = connectSocket({
        port,
        host: '127.0.0.1',
        allowHalfOpen: true,
      })
      let text = ''
      let isClosed = false
      socket.setEncoding('utf8').setTimeout(idleMs)
      socket.on('data', (chunk) => {
        text += String(chunk)
      })
      socket.once('close', () => {
        isClosed = true
      })
      socket.on('error', reject)
      const connection: RawConnection = {
        write: (bytes) => void socket.write(bytes),
        read: () =>
          new Promise((settle) => {
            const done = () => settle(text)
            if (isClosed) done()
            else for (const event of ['close', 'end', 'timeout']) socket.once(event, done)
          }),
        end: () => void socket.end(),
      }
      socket.once('connect', () => resolve(connection))
    })
  },
}
