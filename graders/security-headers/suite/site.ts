import { candidate, random } from 'assay'
import request, { type Response } from 'supertest'

export const member = {
  card: `HL-${random.int(10_000, 99_999)}`,
  pin: random.string(6),
  name: `Member ${random.string()}`,
}

export const events = Array.from({ length: random.int(3, 6) }, (_, index) => ({
  title: `Evening ${random.string()}`,
  date: `2031-05-${10 + index}`,
  cover: random.string(8),
}))

/** Stands in the broken data and the malformed body, so that an answer which repeats the error shows it. */
export const secret = random.string(16)

const data = {
  'data/members.json': JSON.stringify([member]),
  'data/events.json': JSON.stringify(events),
}

/** How a request reaches the program: what the proxy says about the browser's connection. */
export type Over = 'https' | 'http'

const proxied = (over: Over) => ({ 'X-Forwarded-Proto': over, 'X-Forwarded-For': '192.0.2.7' })

export async function openSite() {
  const app = await candidate.start({ files: data })
  return visit(app.url)
}

/** The same site while its events cannot be read. */
export async function openBrokenSite() {
  const broken = { ...data, 'data/events.json': `${secret} is no JSON` }
  const app = await candidate.start({ files: broken })
  return visit(app.url)
}

function visit(url: string) {
  const get = async (path: string, headers: Record<string, string> = {}, over: Over = 'https') =>
    await request(url).get(path).set(proxied(over)).set(headers)
  const post = async (path: string, body: string, headers = {}, over: Over = 'https') =>
    await request(url)
      .post(path)
      .set({ ...proxied(over), 'Content-Type': 'application/json' })
      .set(headers)
      .send(body)
  const login = (over: Over = 'https') => post('/login', JSON.stringify(member), {}, over)
  return {
    get,
    post,
    login,
    loginWrongly: () => post('/login', JSON.stringify({ ...member, pin: 'wrong' })),
    loginMalformed: () => post('/login', `${secret} is no JSON`),
    logout: (headers = {}) => post('/logout', '', headers),
    /** The `Cookie` header a browser would hold after signing in, whatever the cookie is called. */
    async signIn(): Promise<{ Cookie: string }> {
      return {
        Cookie: readCookies(await login())
          .map(({ pair }) => pair)
          .join('; '),
      }
    },
  }
}

export interface Cookie {
  pair: string
  name: string
  value: string
  /** Lower-case names; an attribute without a value has the empty string. */
  attributes: Map<string, string>
}

export function readCookies(response: Response): Cookie[] {
  const lines = response.headers['set-cookie'] as unknown as string[] | undefined
  return (lines ?? []).map((line) => {
    const [pair = '', ...parts] = line.split(';').map((part) => part.trim())
    const [name, value] = splitAt(pair)
    const attributes = new Map(
      parts.map((part) => {
        const [key, text] = splitAt(part)
        return [key.toLowerCase(), text] as const
      }),
    )
    return { pair, name, value, attributes }
  })
}

function splitAt(text: string): [string, string] {
  const index = text.indexOf('=')
  return index < 0 ? [text, ''] : [text.slice(0, index).trim(), text.slice(index + 1).trim()]
}

export const isHtml = (response: Response) =>
  /^text\/html\b/i.test(response.headers['content-type'] ?? '')
