// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { emptyDraft, isHistory, toDraft, toRequest, withEntry } from './http-draft.ts'

describe('toRequest', () => {
  it('always sends a path that starts with a slash', () => {
    expect(toRequest({ ...emptyDraft, path: ' users?page=2 ' }).path).toBe('/users?page=2')
  })

  it('leaves out empty header rows', () => {
    const headers = [
      { id: 1, name: ' X-Id ', value: ' 7 ' },
      { id: 2, name: ' ', value: 'ignored' },
    ]
    expect(toRequest({ ...emptyDraft, headers }).headers).toEqual([['X-Id', '7']])
  })

  it('names the type of a JSON body unless a type is given', () => {
    const draft = { ...emptyDraft, method: 'POST', body: '{"a":1}' }
    expect(toRequest(draft).headers).toEqual([['content-type', 'application/json']])
    const own = { ...draft, headers: [{ id: 1, name: 'Content-Type', value: 'text/plain' }] }
    expect(toRequest(own).headers).toEqual([['Content-Type', 'text/plain']])
    expect(toRequest({ ...draft, body: '{broken' }).headers).toEqual([])
  })

  it('sends no body with a method that has none', () => {
    expect(toRequest({ ...emptyDraft, method: 'GET', body: 'x' }).body).toBe('')
  })
})

describe('toDraft', () => {
  it('brings a sent request back as it was', () => {
    const request = toRequest({ ...emptyDraft, method: 'PUT', path: '/a', body: '{}' })
    expect(toRequest(toDraft(request))).toEqual(request)
  })
})

describe('withEntry', () => {
  it('keeps the newest thirty', () => {
    const request = toRequest(emptyDraft)
    let history = withEntry([], { id: 'first', at: 0, request, status: 200 })
    for (let index = 0; index < 40; index += 1) {
      history = withEntry(history, { id: `${index}`, at: index, request, status: 200 })
    }
    expect(history).toHaveLength(30)
    expect(history[0]?.id).toBe('39')
    expect(isHistory(history)).toBe(true)
    expect(isHistory([{ nonsense: true }])).toBe(false)
  })
})
