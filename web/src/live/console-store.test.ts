// @vitest-environment node
import { describe, expect, it } from 'vitest'
import { consoleLimitChars, createConsoleStore } from './console-store.ts'

const atOnce = (flush: () => void): void => flush()

describe('createConsoleStore', () => {
  it('keeps the streams apart and in order', () => {
    const store = createConsoleStore(atOnce)
    store.append('run', 'stdout', 'a')
    store.append('run', 'stdout', 'b\n')
    store.append('run', 'stderr', 'c\n')
    const shown = store.state.get().chunks.map(({ stream, text }) => [stream, text])
    expect(shown).toEqual([
      ['stdout', 'ab\n'],
      ['stderr', 'c\n'],
    ])
  })

  it('starts empty for another run', () => {
    const store = createConsoleStore(atOnce)
    store.append('run-1', 'stdout', 'old')
    store.append('run-2', 'stdout', 'new')
    expect(store.state.get().chunks.map((chunk) => chunk.text)).toEqual(['new'])
  })

  it('is empty from the begin of another run, before that prints', () => {
    const store = createConsoleStore(atOnce)
    store.append('run-1', 'stdout', 'old')
    store.begin('run-2')
    expect(store.state.get().chunks).toEqual([])
    store.append('run-2', 'stdout', 'new')
    store.begin('run-2')
    expect(store.state.get().chunks.map((chunk) => chunk.text)).toEqual(['new'])
  })

  it('stays bounded in a flood, keeping the newest and saying what was dropped', () => {
    const store = createConsoleStore(atOnce)
    for (let line = 0; line < 20_000; line += 1) {
      store.append('run', 'stdout', `${String(line).padStart(50, '.')}\n`)
    }
    const { chunks, droppedChars } = store.state.get()
    const kept = chunks.reduce((sum, chunk) => sum + chunk.text.length, 0)
    expect(kept).toBeLessThanOrEqual(consoleLimitChars)
    expect(kept + droppedChars).toBe(20_000 * 51)
    expect(chunks.at(-1)?.text.endsWith('19999\n')).toBe(true)
  })

  it('paints once for many writes', () => {
    const waiting: (() => void)[] = []
    const store = createConsoleStore((flush) => waiting.push(flush))
    for (let index = 0; index < 100; index += 1) store.append('run', 'stdout', 'x')
    expect(waiting).toHaveLength(1)
    waiting[0]?.()
    expect(store.state.get().chunks[0]?.text).toHaveLength(100)
  })

  it('drops colour codes of terminals', () => {
    const store = createConsoleStore(atOnce)
    store.append('run', 'stdout', '\u001b[32mgreen\u001b[39m')
    expect(store.state.get().chunks[0]?.text).toBe('green')
  })

  it('forgets everything when it is cleared', () => {
    const store = createConsoleStore(atOnce)
    store.append('run', 'stdout', 'x')
    store.clear()
    expect(store.state.get()).toEqual({ chunks: [], droppedChars: 0 })
  })
})
