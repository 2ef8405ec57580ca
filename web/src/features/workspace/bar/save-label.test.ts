// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { saveLabel } from './save-label.ts'

describe('saveLabel', () => {
  it('claims to be saved only for what the server acknowledged', () => {
    const at = new Date(2026, 4, 4, 12, 3, 4).getTime()
    expect(saveLabel({ kind: 'saved', at })).toEqual({ text: 'Saved 12:03:04', tone: 'good' })
    expect(saveLabel({ kind: 'saving' }).text).toBe('Saving…')
  })

  it('says that work made offline will merge', () => {
    expect(saveLabel({ kind: 'offline', hasUnsaved: true }).text).toBe(
      'Offline – will merge when back',
    )
    expect(saveLabel({ kind: 'offline', hasUnsaved: false }).text).toContain('Offline')
  })

  it('does not pretend to keep refused edits', () => {
    expect(saveLabel({ kind: 'refused', reason: 'x' }).tone).toBe('bad')
  })
})
