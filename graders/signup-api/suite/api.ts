import { candidate, random } from 'assay'
import request from 'supertest'
import { expect } from 'vitest'

/** Members of a signup; one that is undefined is left out of the body. */
export type Signup = Record<string, unknown>

/** A valid signup of somebody new, with some members changed. */
export const aSignup = (changes: Signup = {}): Signup => ({
  email: random.email(),
  password: `${random.string(9)} ${random.string(9)}`,
  name: `Ada ${random.string(8)}`,
  birthDate: `19${random.int(60, 99)}-0${random.int(1, 9)}-${random.int(10, 28)}`,
  terms: true,
  ...changes,
})

export async function openApi() {
  const app = await candidate.start()
  const send = async (text: string, type = 'application/json') =>
    await request(app.url).post('/signup').set('Content-Type', type).send(text)
  const signUp = (body: unknown) => send(JSON.stringify(body))
  return {
    app,
    send,
    signUp,
    get: async (path: string) => await request(app.url).get(path),
    /** Signs up and answers the user. */
    async accept(changes: Signup): Promise<Signup> {
      const signup = aSignup(changes)
      const { status, body } = await signUp(signup)
      expect({ signup, status }).toEqual({ signup, status: 201 })
      return body as Signup
    },
    /** Expects each of the signups to be refused. */
    async refuse(...all: Signup[]) {
      for (const changes of all) {
        const { status } = await signUp(aSignup(changes))
        expect({ changes, status }).toEqual({ changes, status: 422 })
      }
    },
    /** Names of the members an answer calls bad, sorted. */
    async badMembers(body: Signup): Promise<string[]> {
      const answer = await signUp(body)
      expect(answer.status).toBe(422)
      expect(answer.body).toEqual({ error: 'invalid', fields: expect.any(Object) })
      const fields = answer.body.fields as Record<string, unknown>
      for (const message of Object.values(fields)) expect(message).toMatch(/\S/)
      return Object.keys(fields).sort()
    },
  }
}
