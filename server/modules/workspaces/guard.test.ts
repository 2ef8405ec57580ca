import { beforeEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { documentFrom, filesMapOf, filesOf, seedUpdate } from './document.ts'
import { createGuard, isSafePath } from './guard.ts'

const starter = { 'app.js': 'start\n', 'package.json': '{}\n' }
const rules = { starter, readOnly: ['package.json'], hidden: ['fixtures/**'] }

let page: Y.Doc
let check: (update: Uint8Array) => { ok: boolean; reason?: string }
let server: Y.Doc

beforeEach(() => {
  const seed = seedUpdate(starter)
  page = documentFrom([seed])
  server = documentFrom([seed])
  check = createGuard(server, rules)
})

const filesOfPage = () => filesMapOf(page) as Y.Map<Y.Text>
/** What a page would send for a change. */
const updateOf = (change: (files: Y.Map<Y.Text>) => void): Uint8Array => {
  const before = Y.encodeStateVector(page)
  page.transact(() => change(filesOfPage()))
  return Y.encodeStateAsUpdate(page, before)
}
const put = (path: string, text: string) => updateOf((files) => files.set(path, new Y.Text(text)))

describe('createGuard', () => {
  test('takes edits, new files, renames and deletions', () => {
    expect(check(updateOf((files) => files.get('app.js')?.insert(0, 'more ')))).toEqual({
      ok: true,
    })
    expect(check(put('lib/new.js', 'x'))).toEqual({ ok: true })
    expect(check(updateOf((files) => files.delete('app.js')))).toEqual({ ok: true })
    expect(filesOf(server)).toEqual({ 'lib/new.js': 'x', 'package.json': '{}\n' })
  })

  test('takes the same update twice', () => {
    const update = put('a.js', 'x')
    expect(check(update)).toEqual({ ok: true })
    expect(check(update)).toEqual({ ok: true })
  })

  test('refuses to change or delete a read-only file', () => {
    const refusal = { ok: false, reason: 'package.json is read-only' }
    expect(check(updateOf((files) => files.get('package.json')?.insert(0, ' ')))).toEqual(refusal)
  })

  test('refuses to delete a read-only file', () => {
    expect(check(updateOf((files) => files.delete('package.json')))).toEqual({
      ok: false,
      reason: 'package.json is read-only',
    })
  })

  test.each([
    ['lib', 'lib/a.js'],
    ['lib/a.js', 'lib'],
  ])('refuses %s beside %s, but not one after the other', (first, second) => {
    expect(check(put(first, 'x'))).toEqual({ ok: true })
    const rename = updateOf((files) => {
      files.delete(first)
      files.set(second, new Y.Text('x'))
    })
    expect(check(rename)).toEqual({ ok: true })
    expect(check(put(first, 'x'))).toEqual({
      ok: false,
      reason: `${first} stands where a file or a folder is`,
    })
  })

  test('refuses a file where the challenge hides its own', () => {
    expect(check(put('fixtures/data.json', 'x'))).toMatchObject({ ok: false })
  })

  test.each([
    '../a.js',
    '/etc/passwd',
    'a//b',
    'a/./b',
    'a\\b',
    'a\u0000b',
    'node_modules/express/index.js',
    'x'.repeat(201),
    '',
    '__proto__',
  ])('refuses the path %j', (path) => {
    expect(check(put(path, 'x'))).toMatchObject({ ok: false })
  })

  test('refuses bytes that are no update', () => {
    expect(check(new Uint8Array([1, 2, 3, 255, 255]))).toMatchObject({ ok: false })
    expect(check(new Uint8Array())).toMatchObject({ ok: false })
  })

  test('refuses an update that builds on one it never had', () => {
    put('a.js', 'x')
    expect(check(updateOf((files) => files.get('a.js')?.insert(1, 'y')))).toMatchObject({
      ok: false,
      reason: 'The update builds on one that was never stored',
    })
  })

  test('refuses a file that is not a text', () => {
    expect(
      check(updateOf((files) => files.set('a.js', new Y.Map() as unknown as Y.Text))),
    ).toMatchObject({ ok: false })
    expect(
      check(updateOf((files) => files.set('b.js', 'plain' as unknown as Y.Text))),
    ).toMatchObject({ ok: false })
  })

  test('refuses anything beside the files', () => {
    const before = Y.encodeStateVector(page)
    page.getMap('secrets').set('a', 1)
    expect(check(Y.encodeStateAsUpdate(page, before))).toMatchObject({
      ok: false,
      reason: 'A workspace holds files and nothing else',
    })
  })

  test('refuses a file beyond its size, counted in bytes', () => {
    expect(check(put('a.js', 'é'.repeat(131_072)))).toEqual({ ok: true })
    expect(check(updateOf((files) => files.get('a.js')?.insert(0, 'x')))).toMatchObject({
      ok: false,
      reason: 'a.js is larger than 262144 bytes',
    })
  })

  test('refuses more files than a project may have', () => {
    const many = updateOf((files) => {
      for (let i = 0; i < 199; i += 1) files.set(`f${i}.js`, new Y.Text(''))
    })
    expect(check(many)).toMatchObject({ ok: false, reason: 'More than 200 files' })
  })

  test('refuses more text together than a project may have', () => {
    const large = updateOf((files) => {
      for (let i = 0; i < 9; i += 1) files.set(`f${i}.js`, new Y.Text('x'.repeat(250_000)))
    })
    expect(check(large)).toMatchObject({ ok: false, reason: 'More than 2097152 bytes together' })
  })

  test('refuses a few bytes that ask for more parts than they bring, at once', () => {
    const before = process.memoryUsage().rss
    for (let i = 0; i < 8; i += 1) {
      // One writer with 33,554,000 parts; the library would make room for all of them first.
      expect(check(new Uint8Array([1, 0xd0, 0xfc, 0xff, 0x0f, 1, 0]))).toMatchObject({ ok: false })
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024)
  })

  test('refuses an update of more parts than an hour of typing has', () => {
    const many = updateOf((files) => {
      for (let i = 0; i < 100_001; i += 1) files.get('app.js')?.insert(0, 'x')
    })
    expect(check(many)).toEqual({ ok: false, reason: 'Not a valid update' })
  })

  test('refuses to grow by parts that are deleted again', () => {
    const fillAndEmpty = (files: Y.Map<Y.Text>, path: string) => {
      const text = new Y.Text()
      files.set(path, text)
      for (let i = 0; i < 80_000; i += 1) text.insert(0, 'x')
      text.delete(0, 80_000)
    }
    const reasons = ['a.js', 'b.js', 'c.js'].map(
      (path) => check(updateOf((files) => fillAndEmpty(files, path))).reason,
    )
    expect(reasons).toEqual([undefined, undefined, 'This workspace has reached its size limit'])
  })

  test('refuses edits that are to be compared with all of a text again and again', () => {
    const page2 = documentFrom([Y.encodeStateAsUpdate(page)])
    expect(
      check(
        updateOf((files) => {
          for (let i = 0; i < 40_000; i += 1) files.get('app.js')?.insert(0, 'x')
        }),
      ),
    ).toEqual({ ok: true })
    // A writer that knows of none of them, whose id sorts last: each of its insertions is held against each of those.
    page2.clientID = 2 ** 32 - 1
    const before = Y.encodeStateVector(page2)
    const text = (filesMapOf(page2) as Y.Map<Y.Text>).get('app.js')
    for (let i = 0; i < 1000; i += 1) text?.insert(0, 'y')
    expect(check(Y.encodeStateAsUpdate(page2, before))).toMatchObject({ ok: false })
  })

  test('takes what two pages typed at length without knowing of each other', () => {
    const page2 = documentFrom([Y.encodeStateAsUpdate(page)])
    const before = Y.encodeStateVector(page2)
    const text = (filesMapOf(page2) as Y.Map<Y.Text>).get('app.js')
    const typed = updateOf((files) => {
      for (let i = 0; i < 2000; i += 1) files.get('app.js')?.insert(i, 'x')
    })
    for (let i = 0; i < 2000; i += 1) text?.insert(i, 'y')
    expect(check(typed)).toEqual({ ok: true })
    expect(check(Y.encodeStateAsUpdate(page2, before))).toEqual({ ok: true })
  })

  test('gives room back when a file goes', () => {
    for (let i = 0; i < 12; i += 1) {
      expect(check(put('big.js', 'x'.repeat(200_000)))).toEqual({ ok: true })
      expect(check(updateOf((files) => files.delete('big.js')))).toEqual({ ok: true })
    }
  })
})

describe('isSafePath', () => {
  test.each(['app.js', 'lib/a-b_c.test.ts', '.env', 'déjà vu.js'])('takes %j', (path) => {
    expect(isSafePath(path)).toBe(true)
  })
})
