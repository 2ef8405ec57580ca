// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs'
import type { CandidateMessage } from '../../../contract/live.ts'
import { base64ToBytes, bytesToBase64 } from './base64.ts'
import { createWorkspaceSync } from './workspace-sync.ts'

const clock = { now: 0, deadline: null }

/** A page and the server it talks to; the test decides when the server answers. */
function setUp(server: Doc = new Doc()) {
  const doc = new Doc()
  const sent: CandidateMessage[] = []
  let isOnline = true
  const sync = createWorkspaceSync({
    doc,
    itemId: 'item',
    send(message) {
      if (isOnline) sent.push(message)
      return isOnline
    },
  })
  const text = doc.getText('t')
  const updates = () => sent.filter((message) => message.type === 'update')
  return {
    doc,
    server,
    sync,
    text,
    sent,
    updates,
    open() {
      isOnline = true
      sync.connectionOpened()
    },
    lose() {
      isOnline = false
      sync.connectionLost()
    },
    /** The server answers the join. */
    answerJoin() {
      const join = sent.findLast((message) => message.type === 'join')
      if (join?.type !== 'join') throw new Error('expected a join')
      sync.receive({
        type: 'joined',
        itemId: 'item',
        update: bytesToBase64(encodeStateAsUpdate(server, base64ToBytes(join.stateVector))),
        stateVector: bytesToBase64(encodeStateVector(server)),
      })
    },
    /** The server stores everything it was sent so far, and says so. */
    store(at = 1_000) {
      for (const update of updates()) applyUpdate(server, base64ToBytes(update.update))
      const seq = updates().at(-1)?.seq ?? 0
      sync.receive({ type: 'saved', itemId: 'item', seq, at, clock })
    },
  }
}

describe('createWorkspaceSync', () => {
  it('says saved only after the server has stored the last edit', () => {
    const page = setUp()
    page.open()
    page.answerJoin()
    expect(page.sync.state.get()).toEqual({ kind: 'saved', at: null })
    page.text.insert(0, 'a')
    page.text.insert(1, 'b')
    expect(page.sync.state.get()).toEqual({ kind: 'saving' })
    page.sync.receive({ type: 'saved', itemId: 'item', seq: 1, at: 500, clock })
    expect(page.sync.state.get()).toEqual({ kind: 'saving' })
    page.store(900)
    expect(page.sync.state.get()).toEqual({ kind: 'saved', at: 900 })
    expect(page.server.getText('t').toString()).toBe('ab')
  })

  it('numbers edits from one on each connection', () => {
    const page = setUp()
    page.open()
    page.answerJoin()
    page.text.insert(0, 'a')
    page.text.insert(0, 'b')
    expect(page.updates().map((update) => update.seq)).toEqual([1, 2])
  })

  it('sends edits made while offline after it has joined again', () => {
    const page = setUp()
    page.open()
    page.answerJoin()
    page.lose()
    page.text.insert(0, 'typed offline')
    expect(page.sync.state.get()).toEqual({ kind: 'offline', hasUnsaved: true })
    page.sent.length = 0
    page.open()
    page.answerJoin()
    expect(page.updates().map((update) => update.seq)).toEqual([1])
    page.store()
    expect(page.server.getText('t').toString()).toBe('typed offline')
    expect(page.sync.state.get().kind).toBe('saved')
  })

  it('sends again what was sent but never acknowledged', () => {
    const page = setUp()
    page.open()
    page.answerJoin()
    page.text.insert(0, 'lost on the way')
    page.lose()
    page.sent.length = 0
    page.open()
    page.answerJoin()
    page.store()
    expect(page.server.getText('t').toString()).toBe('lost on the way')
  })

  it('sends deletions made while offline, which a state vector does not show', () => {
    const page = setUp()
    page.open()
    page.answerJoin()
    page.text.insert(0, 'abc')
    page.store()
    page.lose()
    page.text.delete(0, 3)
    page.sent.length = 0
    page.open()
    page.answerJoin()
    page.store()
    expect(page.server.getText('t').toString()).toBe('')
  })

  it('keeps edits made between asking to join and the answer', () => {
    const page = setUp()
    page.open()
    page.text.insert(0, 'early')
    expect(page.updates()).toEqual([])
    page.answerJoin()
    page.store()
    expect(page.server.getText('t').toString()).toBe('early')
  })

  it('sends nothing back of what came from elsewhere', () => {
    const page = setUp()
    page.server.getText('t').insert(0, 'other tab')
    page.open()
    page.answerJoin()
    expect(page.text.toString()).toBe('other tab')
    expect(page.updates()).toEqual([])
    const before = encodeStateVector(page.server)
    page.server.getText('t').insert(0, 'more from the ')
    const update = bytesToBase64(encodeStateAsUpdate(page.server, before))
    page.sync.receive({ type: 'update', itemId: 'item', update })
    expect(page.text.toString()).toBe('more from the other tab')
    expect(page.updates()).toEqual([])
  })

  it('brings two pages to the same text after both wrote offline', () => {
    const server = new Doc()
    const one = setUp(server)
    const two = setUp(server)
    for (const page of [one, two]) {
      page.open()
      page.answerJoin()
      page.lose()
    }
    one.text.insert(0, 'one ')
    two.text.insert(0, 'two ')
    for (const page of [one, two]) {
      page.open()
      page.answerJoin()
      page.store()
    }
    one.lose()
    one.open()
    one.answerJoin()
    expect(one.text.toString()).toBe(two.text.toString())
    expect(one.text.toString()).toContain('one')
    expect(one.text.toString()).toContain('two')
  })

  it('gives the server back what it has lost', () => {
    const page = setUp()
    page.open()
    page.answerJoin()
    page.text.insert(0, 'kept here')
    page.sync.receive({ type: 'saved', itemId: 'item', seq: 1, at: 1, clock })
    page.lose()
    page.sent.length = 0
    page.open()
    page.answerJoin()
    page.store()
    expect(page.server.getText('t').toString()).toBe('kept here')
  })

  it('stops at a refusal and says why', () => {
    const page = setUp()
    page.open()
    page.answerJoin()
    page.text.insert(0, 'late')
    page.sync.receive({ type: 'refused', itemId: 'item', seq: 1, reason: 'The time is over' })
    expect(page.sync.state.get()).toEqual({ kind: 'refused', reason: 'The time is over' })
    page.text.insert(0, 'later')
    expect(page.updates()).toHaveLength(1)
    expect(page.sync.hasUnsaved()).toBe(false)
  })

  it('ignores answers about edits of a document given up on the same connection', () => {
    const page = setUp()
    page.sync.connectionOpened(7)
    page.answerJoin()
    page.text.insert(0, 'new')
    page.sync.receive({ type: 'refused', itemId: 'item', seq: 7, reason: 'old news' })
    expect(page.sync.state.get()).toEqual({ kind: 'saving' })
    expect(page.updates()[0]?.seq).toBe(8)
  })

  it('is not loaded before the first join', () => {
    const page = setUp()
    page.open()
    expect(page.sync.isLoaded.get()).toBe(false)
    expect(page.sync.state.get()).toEqual({ kind: 'loading' })
    page.answerJoin()
    page.lose()
    expect(page.sync.isLoaded.get()).toBe(true)
  })
})
