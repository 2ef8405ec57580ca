// @vitest-environment node
import { describe, expect, it, vi } from 'vitest'
import { createServerClock } from './server-clock.ts'

function setUp() {
  const local = { now: 5_000 }
  return { local, clock: createServerClock(() => local.now) }
}

describe('createServerClock', () => {
  it('knows nothing before the first reading', () => {
    const { clock } = setUp()
    expect(clock.now()).toBeNull()
    expect(clock.remainingMs()).toBeNull()
  })

  it('counts down from the difference of the server’s two times', () => {
    const { clock, local } = setUp()
    clock.sync({ now: 1_000_000, deadline: 1_060_000 })
    local.now += 15_000
    expect(clock.remainingMs()).toBe(45_000)
  })

  it('never goes below zero', () => {
    const { clock, local } = setUp()
    clock.sync({ now: 0, deadline: 1_000 })
    local.now += 5_000
    expect(clock.remainingMs()).toBe(0)
  })

  it('takes over a moved deadline and tells its listeners', () => {
    const { clock } = setUp()
    const listener = vi.fn()
    clock.sync({ now: 0, deadline: 1_000 })
    clock.subscribe(listener)
    clock.sync({ now: 10, deadline: 61_000 })
    expect(clock.deadline()).toBe(61_000)
    expect(listener).toHaveBeenCalledOnce()
  })

  it('ignores a reading that arrives late', () => {
    const { clock } = setUp()
    clock.sync({ now: 2_000, deadline: 9_000 })
    clock.sync({ now: 1_000, deadline: 3_000 })
    expect(clock.deadline()).toBe(9_000)
  })

  it('has no remaining time without a deadline', () => {
    const { clock } = setUp()
    clock.sync({ now: 1_000, deadline: null })
    expect(clock.remainingMs()).toBeNull()
  })
})
