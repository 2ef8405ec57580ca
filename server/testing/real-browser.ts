import { WebSocket } from 'ws'

/** A browser's cookies and requests against a server that really listens. */
export const createRealBrowser = (origin: string) => {
  let cookie = ''
  return {
    get cookie() {
      return cookie
    },
    async post(path: string, body: object) {
      const response = await fetch(`${origin}/api${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin, cookie },
        body: JSON.stringify(body),
      })
      const set = response.headers.getSetCookie()[0]
      if (set) cookie = set.split(';')[0] ?? ''
      return response.json()
    },
    async openSocket(path: string) {
      const socket = new WebSocket(`${origin.replace('http', 'ws')}/api${path}`, {
        headers: { origin, cookie },
      })
      return socket
    },
  }
}

/** The next message of this type; others on the way are passed over. */
export const nextMessage = (socket: WebSocket, type: string) =>
  new Promise<Record<string, unknown>>((resolve) => {
    const listen = (data: Buffer) => {
      const message = JSON.parse(String(data)) as Record<string, unknown>
      if (message.type !== type) return
      socket.off('message', listen)
      resolve(message)
    }
    socket.on('message', listen)
  })
