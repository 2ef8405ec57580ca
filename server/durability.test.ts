import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import * as Y from 'yjs'
import { filesMapName, liveProtocolVersion } from '../contract/live.ts'
import { openDatabase } from './infra/database.ts'
import { attempts } from './infra/schema/attempts.ts'
import { runs, verdicts } from './infra/schema/runs.ts'
import { consentVersion } from './modules/attempts/welcome.ts'
import { makePack } from './testing/make-pack.ts'
import { createRealBrowser, nextMessage } from './testing/real-browser.ts'
import { spawnServer } from './testing/spawn-server.ts'

let options: { dataDir: string; packRoot: string }

beforeEach(() => {
  const dir = mkdtempSync(join(tmpdir(), 'assay-durability-'))
  options = { dataDir: join(dir, 'data'), packRoot: join(dir, 'pack') }
  makePack(options.packRoot)
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
})

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')

/** Joins an item over a real socket; answers the socket and the document. */
const joinItem = async (browser: ReturnType<typeof createRealBrowser>, itemId: string) => {
  const socket = await browser.openSocket('/candidate/live')
  await nextMessage(socket, 'hello')
  const doc = new Y.Doc()
  const files = doc.getMap<Y.Text>(filesMapName)
  const joined = nextMessage(socket, 'joined')
  socket.send(JSON.stringify({ type: 'hello', version: liveProtocolVersion }))
  socket.send(
    JSON.stringify({ type: 'join', itemId, stateVector: toBase64(Y.encodeStateVector(doc)) }),
  )
  Y.applyUpdate(doc, Buffer.from(String((await joined).update), 'base64'))
  return { socket, doc, text: () => files.get('app.js') as Y.Text }
}

describe('kill -9', () => {
  test('in the middle of typing loses nothing that was acknowledged', {
    timeout: 90_000,
  }, async () => {
    let server = await spawnServer(options)
    const token = server.candidateToken ?? ''
    let browser = createRealBrowser(server.origin)
    await browser.post('/candidate/enter', { token })
    const home = await browser.post('/candidate/start', { consentVersion })
    const itemId = home.items[0].id
    const acknowledged: string[] = []

    for (let round = 0; round < 3; round += 1) {
      const { socket, doc, text } = await joinItem(browser, itemId)
      let seq = 0
      const type = () => {
        seq += 1
        const before = Y.encodeStateVector(doc)
        text().insert(text().length, `<${round}.${seq}>`)
        const update = toBase64(Y.encodeStateAsUpdate(doc, before))
        socket.send(JSON.stringify({ type: 'update', itemId, seq, update }))
      }
      await new Promise<void>((resolve) => {
        let saved = 0
        socket.on('message', (data) => {
          const message = JSON.parse(String(data))
          if (message.type !== 'saved') return
          acknowledged.push(`<${round}.${message.seq}>`)
          saved += 1
          // Always a few on their way, so that the cut comes between two of them.
          type()
          if (saved === 25 + round * 7) resolve()
        })
        for (let i = 0; i < 5; i += 1) type()
      })
      await server.kill()
      server = await spawnServer(options)
      browser = createRealBrowser(server.origin)
      await browser.post('/candidate/enter', { token })
    }

    const { text } = await joinItem(browser, itemId)
    const kept = text().toString()
    expect(acknowledged.length).toBeGreaterThanOrEqual(96)
    expect(acknowledged.filter((mark) => !kept.includes(mark))).toEqual([])
  })

  test('in the middle of grading leaves every run with exactly one verdict', {
    timeout: 90_000,
  }, async () => {
    let server = await spawnServer({ ...options, gradeMs: 300 })
    const browser = createRealBrowser(server.origin)
    await browser.post('/candidate/enter', { token: server.candidateToken ?? '' })
    await browser.post('/candidate/start', { consentVersion })
    const grading = server.heard('grading')
    await browser.post('/candidate/submit', { confirm: true })
    await grading
    await server.kill()

    // Once more, while the runs are taken up again.
    server = await spawnServer({ ...options, gradeMs: 300 })
    await server.kill()

    server = await spawnServer(options)
    const database = openDatabase(join(options.dataDir, 'assay.db'))
    onTestFinished(() => database.close())
    const stateNow = async () => (await database.read((db) => db.select().from(attempts)))[0]?.state
    for (;;) {
      // Listening first: what is said between the look and the wait must not be missed.
      const changed = server.heard('attemptChanged')
      changed.catch(() => undefined)
      if ((await stateNow()) === 'graded') break
      await changed
    }
    const graded = await database.read((db) => db.select().from(runs))
    const found = await database.read((db) => db.select().from(verdicts))
    expect(graded).toHaveLength(2)
    expect(graded.every((run) => run.state === 'completed' && run.kind === 'grade')).toBe(true)
    expect(found.map((verdict) => verdict.runId).sort()).toEqual(graded.map((run) => run.id).sort())
  })
})
