import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { componentsOf, urlOps } from './url.ts'

type Parse = (input: string, base?: string) => (string | number)[] | null
type Update = (href: string, action: number, value: string) => (string | number)[] | null

const schemes = 'http: https: ws: wss: ftp: file: foo: data: mailto: HTTP: blob: a+b-c.d: 1x:'
  .split(' ')
  .concat('', ':')
const authorities = [
  '',
  '//',
  '///',
  '/',
  '\\\\',
  '//u@',
  '//u:p@',
  '//:p@',
  '//u:@',
  '//:@',
  '//@',
].concat(['//a%20b:c%3A@', '//u:p@@', '//é:ü@'])
const hosts = ['', 'a', 'A.COM', '127.0.0.1', '0x7f.1', '[::1]', '[::ffff:1.2.3.4]', 'localhost']
  .concat(['xn--nxasmq6b', 'é.com', 'a b', 'a%41.com', '..', 'C:', 'C|', 'a:80', 'a:443', 'a:8080'])
  .concat(['a:', 'a:0', 'a:65536', 'a:99x', '1.2.3.4.5', '256.1.1.1'])
const paths = [
  '',
  '/',
  '/a/../b',
  '/./',
  '//x',
  '/a b',
  '/%41%zz',
  '/é',
  '\\a\\b',
  '/C:/x',
  'a/b',
].concat(['/C|/x/../..', '/..', '/.//p', '/a;x=1'])
const tails = ['', '?', '#', '?#', '?q', '?q=1&é=ü#h', '#h?x', '?a b\'"<>`#a b`<>', '?#?#']
const bases = [undefined, 'http://u:p@h.com:81/a/b?q#f', 'file:///C:/x/y', 'foo:bar', 'foo://h/p']
const values = [
  '',
  'x',
  'https',
  'foo',
  'a.com:81',
  '[::1]',
  '81',
  '99999',
  'u',
  '/x y',
  '//x',
  '?a=b',
].concat(['#h', 'é', 'a b', 'file:', 'C|/x', 'http://n.e/w', '80'])

/** Reads requests as JSON and answers with what the real binding says. */
const realBinding = `
  const { internalBinding } = require('internal/test/binding')
  const url = internalBinding('url')
  const requests = JSON.parse(require('fs').readFileSync(0, 'utf8'))
  const shown = (href) => (href === undefined || href === false ? null : [href, ...url.urlComponents])
  const answers = requests.map(([name, ...args]) =>
    name === 'parse' ? shown(url.parse(args[0], args[1] ?? undefined, false)) : shown(url.update(...args)),
  )
  process.stdout.write(JSON.stringify(answers))
`

function askReal(requests: unknown[][]): ((string | number)[] | null)[] {
  const output = execFileSync(
    process.execPath,
    ['--expose-internals', '--no-warnings', '--eval', realBinding],
    { input: JSON.stringify(requests), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  )
  return JSON.parse(output)
}

/** A fixed walk through every list, so that runs repeat. */
function createPicker() {
  let state = 7
  return <T>(list: readonly T[]): T => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return list[(state >>> 8) % list.length] as T
  }
}

describe('url components', () => {
  const pick = createPicker()
  const inputs = Array.from({ length: 4000 }, () => ({
    input: pick(schemes) + pick(authorities) + pick(hosts) + pick(paths) + pick(tails),
    base: pick(bases),
  }))
  const parse = urlOps()['url.parse'] as Parse

  test('are the offsets that the real binding gives, for thousands of odd URLs', () => {
    const real = askReal(inputs.map(({ input, base }) => ['parse', input, base ?? null]))
    for (const [i, { input, base }] of inputs.entries()) {
      expect(parse(input, base), `${input} on ${base}`).toEqual(real[i])
    }
  })

  test('after a setter are those that the real binding gives', () => {
    const update = urlOps()['url.update'] as Update
    const hrefs = inputs.flatMap(({ input, base }) => URL.parse(input, base)?.href ?? [])
    const requests = hrefs.map(
      (href) => ['update', href, pick([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]), pick(values)] as const,
    )
    const real = askReal(requests.map((request) => [...request]))
    for (const [i, [, href, action, value]] of requests.entries()) {
      const unchanged = action === 9 ? null : componentsOf(new URL(href))
      expect(update(href, action, value), `${href} ${action} ${value}`).toEqual(
        real[i] ?? unchanged,
      )
    }
  })
})
