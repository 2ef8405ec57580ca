import { describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { closeReasons, maxMessageBytes } from '../../contract/live.ts'
import { workspaceUpdates } from '../infra/schema/workspaces.ts'
import { connect, openTab } from '../testing/live-client.ts'
import { buildTestApp, testOrigin } from '../testing/test-app.ts'

const closeCode = (socket: { once(name: 'close', fn: (code: number) => void): unknown }) =>
  new Promise<number>((resolve) => socket.once('close', resolve))

const setup = async () => {
  const t = await buildTestApp({ slugs: ['say-hello'] })
  const candidate = await t.startedCandidate()
  const itemId = candidate.itemIds[0] ?? ''
  const openOwnTab = () => openTab(t.app, candidate.browser.cookieHeader)
  const countUpdates = () => t.database.read((db) => db.$count(workspaceUpdates))
  return { t, ...candidate, itemId, openOwnTab, countUpdates }
}

describe('a live connection of a candidate', () => {
  test('greets with the clock and the state of the attempt', async () => {
    const { t, openOwnTab } = await setup()
    const { hello } = await openOwnTab()
    expect(hello).toEqual({
      type: 'hello',
      version: 1,
      clock: { now: t.clock.now(), deadline: t.clock.now() + 3_600_000 },
      attemptState: 'open',
    })
  })

  test('gives the starter to a page that has nothing', async () => {
    const { itemId, openOwnTab } = await setup()
    const workspace = await (await openOwnTab()).join(itemId)
    expect(workspace.text('app.js')).toBe("console.log('starter')\n")
    expect([...workspace.files.keys()].sort()).toEqual(['app.js', 'package.json'])
  })

  test('acknowledges an edit after it is stored, and shows it to the other tabs', async () => {
    const { itemId, openOwnTab, countUpdates } = await setup()
    const [one, two] = [await openOwnTab(), await openOwnTab()]
    const [left, right] = [await one.join(itemId), await two.join(itemId)]
    const number = left.edit((files) => files.get('app.js')?.insert(0, 'x'))
    await one.inbox.next('saved', ({ seq }) => seq === number)
    expect(await countUpdates()).toBe(2)
    const { update } = await two.inbox.next('update')
    Y.applyUpdate(right.doc, Buffer.from(update, 'base64'))
    expect(right.text('app.js')).toBe("xconsole.log('starter')\n")
  })

  test('brings what two tabs type at the same time together', async () => {
    const { itemId, openOwnTab } = await setup()
    const [one, two] = [await openOwnTab(), await openOwnTab()]
    const [left, right] = [await one.join(itemId), await two.join(itemId)]
    const numbers = [
      left.edit((files) => files.get('app.js')?.insert(0, 'left ')),
      right.edit((files) => files.get('app.js')?.insert(0, 'right ')),
    ]
    await one.inbox.next('saved', ({ seq }) => seq === numbers[0])
    await two.inbox.next('saved', ({ seq }) => seq === numbers[1])
    const fresh = await (await openOwnTab()).join(itemId)
    expect(fresh.text('app.js')).toMatch(/^(left right |right left )console/)
  })

  test('continues on another machine where it was', async () => {
    const { t, token, itemId, openOwnTab } = await setup()
    const tab = await openOwnTab()
    const workspace = await tab.join(itemId)
    workspace.edit((files) => files.set('new.js', new Y.Text('mine')))
    await tab.inbox.next('saved')
    tab.socket.close()
    const elsewhere = t.browser()
    await elsewhere.post('/candidate/enter', { token })
    const again = await (await openTab(t.app, elsewhere.cookieHeader)).join(itemId)
    expect(again.text('new.js')).toBe('mine')
  })

  test('continues after a restart of the server', async () => {
    const { t, itemId, openOwnTab } = await setup()
    const tab = await openOwnTab()
    const workspace = await tab.join(itemId)
    workspace.edit((files) => files.get('app.js')?.insert(0, 'kept '))
    await tab.inbox.next('saved')
    await t.restart()
    const again = await (await openOwnTab()).join(itemId)
    expect(again.text('app.js')).toBe("kept console.log('starter')\n")
  })

  test('refuses a bad edit without storing it, and takes the next good one', async () => {
    const { itemId, openOwnTab, countUpdates } = await setup()
    const [bad, good] = [await openOwnTab(), await openOwnTab()]
    const workspace = await bad.join(itemId)
    const refused = workspace.edit((files) => files.get('package.json')?.insert(0, ' '))
    expect(await bad.inbox.next('refused')).toMatchObject({
      seq: refused,
      reason: 'package.json is read-only',
    })
    const garbage = workspace.sendUpdate(new Uint8Array([9, 9, 9]))
    expect(await bad.inbox.next('refused')).toMatchObject({ seq: garbage })
    expect(await countUpdates()).toBe(1)

    const other = await good.join(itemId)
    const number = other.edit((files) => files.get('app.js')?.insert(0, 'x'))
    await good.inbox.next('saved', ({ seq }) => seq === number)
    expect((await (await openOwnTab()).join(itemId)).text('package.json')).toBe(
      '{ "type": "module" }\n',
    )
  })

  test('keeps an attempt that causes much work off until time has passed, in every tab', async () => {
    const { t, itemId, openOwnTab } = await setup()
    const tab = await openOwnTab()
    const workspace = await tab.join(itemId)
    const closed = closeCode(tab.socket)
    for (let i = 0; i < 350; i += 1) workspace.sendUpdate(new Uint8Array([9, 9, 9]))
    expect(await closed).toBe(closeReasons.closing)

    const again = await openOwnTab()
    const closedAgain = closeCode(again.socket)
    again.say({ type: 'join', itemId, stateVector: 'AA==' })
    expect(await closedAgain).toBe(closeReasons.closing)

    t.clock.advance(10_000)
    const later = await (await openOwnTab()).join(itemId)
    expect(later.text('app.js')).toBe("console.log('starter')\n")
  })

  test('refuses an edit that builds on a refused one and arrives with it', async () => {
    const { t, itemId, openOwnTab, countUpdates } = await setup()
    const { doc, files } = await (await openOwnTab()).join(itemId)
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    files.get('package.json')?.insert(0, ' ')
    files.get('app.js')?.insert(0, 'x')
    const { workspaces, attempts } = t.services
    const item = await t.database.read((db) => attempts.selectItem(db, itemId))
    const answers = await Promise.all(updates.map((update) => workspaces.apply(item, update)))
    expect(answers.map(({ ok }) => ok)).toEqual([false, false])
    expect(await countUpdates()).toBe(1)
  })

  test('refuses an edit that builds on a refused one', async () => {
    const { itemId, openOwnTab, countUpdates } = await setup()
    const tab = await openOwnTab()
    const workspace = await tab.join(itemId)
    workspace.edit((files) => files.set('../a.js', new Y.Text('x')))
    workspace.edit((files) => files.get('../a.js')?.insert(0, 'y'))
    await tab.inbox.next('refused')
    await tab.inbox.next('refused')
    expect(await countUpdates()).toBe(1)
  })

  test('tells of a submit in another tab, and refuses edits after it', async () => {
    const { browser, itemId, openOwnTab } = await setup()
    const tab = await openOwnTab()
    const workspace = await tab.join(itemId)
    await browser.post('/candidate/submit', { confirm: true })
    expect(await tab.inbox.next('attempt')).toMatchObject({ state: 'submitted' })
    workspace.edit((files) => files.get('app.js')?.insert(0, 'x'))
    expect(await tab.inbox.next('refused')).toMatchObject({ reason: 'The attempt is closed' })
  })

  test('sends the clock again and again', async () => {
    const { t, openOwnTab } = await setup()
    const tab = await openOwnTab()
    t.clock.advance(20_000)
    expect(await tab.inbox.next('clock')).toMatchObject({ clock: { now: t.clock.now() } })
    tab.say({ type: 'ping' })
    await tab.inbox.next('pong')
  })

  test.each([
    ['text that is not JSON', 'nonsense'],
    ['an unknown message', JSON.stringify({ type: 'shutdown' })],
    ['a message with a key too many', JSON.stringify({ type: 'ping', extra: 1 })],
    [
      'an update that is not base64',
      JSON.stringify({ type: 'update', itemId: 'x', seq: 1, update: '<>' }),
    ],
    [
      'an edit of an item that was not joined',
      JSON.stringify({ type: 'update', itemId: 'x', seq: 1, update: '' }),
    ],
    [
      "an item that is not the candidate's",
      JSON.stringify({ type: 'join', itemId: 'x', stateVector: '' }),
    ],
  ])('closes on %s', async (_what, text) => {
    const { openOwnTab } = await setup()
    const tab = await openOwnTab()
    tab.socket.send(text)
    expect(await closeCode(tab.socket)).toBe(closeReasons.badMessage)
  })

  test("closes on another candidate's item", async () => {
    const { t, openOwnTab } = await setup()
    const other = await t.startedCandidate()
    const tab = await openOwnTab()
    tab.say({ type: 'join', itemId: other.itemIds[0], stateVector: 'AA==' })
    expect(await closeCode(tab.socket)).toBe(closeReasons.badMessage)
  })

  test('closes on more messages than a page would send', async () => {
    const { openOwnTab } = await setup()
    const tab = await openOwnTab()
    for (let i = 0; i < 401; i += 1) tab.say({ type: 'ping' })
    expect(await closeCode(tab.socket)).toBe(closeReasons.badMessage)
  })

  test('closes on a message larger than a whole project', async () => {
    const { openOwnTab } = await setup()
    const tab = await openOwnTab()
    tab.socket.send('x'.repeat(maxMessageBytes + 1))
    expect(await closeCode(tab.socket)).toBe(1009)
  })

  test('closes on a page of another version', async () => {
    const { t, browser } = await setup()
    const socket = await connect(t.app, '/api/candidate/live', { cookie: browser.cookieHeader })
    socket.send(JSON.stringify({ type: 'hello', version: 99 }))
    expect(await closeCode(socket)).toBe(closeReasons.incompatible)
  })

  test('closes on a message before hello', async () => {
    const { t, browser } = await setup()
    const socket = await connect(t.app, '/api/candidate/live', { cookie: browser.cookieHeader })
    socket.send(JSON.stringify({ type: 'ping' }))
    expect(await closeCode(socket)).toBe(closeReasons.badMessage)
  })

  test.each(['', 'assay_candidate=guess'])('closes on the cookie %j', async (cookie) => {
    const { t } = await setup()
    const socket = await connect(t.app, '/api/candidate/live', { cookie })
    expect(await closeCode(socket)).toBe(closeReasons.unauthorised)
  })

  test('is refused to a page of another origin', async () => {
    const { t, browser } = await setup()
    const options = { cookie: browser.cookieHeader, origin: 'http://evil.example' }
    await expect(connect(t.app, '/api/candidate/live', options)).rejects.toThrow('403')
    expect(testOrigin).not.toBe(options.origin)
  })

  test('ends with a close code when the server closes', async () => {
    const { t, openOwnTab } = await setup()
    const tab = await openOwnTab()
    const code = closeCode(tab.socket)
    await t.app.close()
    expect(await code).toBe(closeReasons.closing)
  })
})
