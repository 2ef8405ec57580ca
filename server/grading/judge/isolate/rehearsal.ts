import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { describe, test } from '@vitest/runner'
import request from 'supertest'
import { expect } from './expect.ts'

const rounds = 8
const port = 80

/** The origin of the rehearsal's own server, in the world that `judge/rehearse.ts` makes. */
const origin = `http://judge.test:${port}`

/** A server in this isolate that answers as a candidate's program would; no program exists yet. */
export function listenForRehearsal(): Promise<Server> {
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch((error: Error) => response.destroy(error))
  })
  return new Promise((resolve) => server.listen(port, () => resolve(server)))
}

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = ''
  incoming.setEncoding('utf8')
  for await (const chunk of incoming) body += chunk as string
  const text = JSON.stringify({
    path: incoming.url,
    received: body === '' ? null : JSON.parse(body),
  })
  // A `Date` header would leave a timer behind.
  response.sendDate = false
  response.writeHead(incoming.url === '/missing' ? 404 : 200, {
    'content-type': 'application/json; charset=utf-8',
    'set-cookie': ['a=1; Path=/', 'b=2; HttpOnly'],
  })
  response.end(text)
}

/** Cases of every usual shape, failing ones too: what a suite does for the first time is what it pays for. */
export function defineRehearsal(): void {
  describe('R1', () => {
    for (let round = 0; round < rounds; round++) {
      test(`reads ${round}`, async () => {
        const response = await request(origin).get('/items/1').set('accept', 'application/json')
        expect(response.status).toBe(200)
        expect(response.body).toEqual({ path: '/items/1', received: null })
        expect(response.headers['content-type']).toMatch(/json/)
      })
      test(`writes ${round}`, async () => {
        const item = { name: 'a', tags: ['x', 'y'] }
        const response = await request(origin).post('/items').send(item).expect(200)
        expect(response.body).toMatchObject({ received: item })
        expect(response.body.received).toHaveProperty('name')
      })
      test(`misses ${round}`, async () => {
        await request(origin)
          .get('/missing')
          .expect(404)
          .expect('content-type', /json/)
          .expect(({ text }) => expect(text).toContain('missing'))
      })
    }
    test('fails by a value', () => {
      expect({ status: 200, list: [1, 2, { deep: true }] }).toEqual({ status: 201, list: [1] })
    })
    test('fails by a status', async () => {
      await request(origin).delete('/items/1').expect(204)
    })
  })
}
