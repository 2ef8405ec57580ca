// @vitest-environment jsdom
import { act, cleanup, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createServerClock, type ServerClock } from '../../../lib/server-clock.ts'
import { Countdown } from './Countdown.tsx'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
})

afterEach(() => {
  cleanup()
  vi.useRealTimers()
})

function pass(seconds: number): void {
  act(() => {
    vi.advanceTimersByTime(seconds * 1_000)
  })
}

function show(remainingMs: number): ServerClock {
  const clock = createServerClock()
  clock.sync({ now: 1_000, deadline: 1_000 + remainingMs })
  render(<Countdown clock={clock} />)
  return clock
}

describe('Countdown', () => {
  it('counts down by the server’s clock', () => {
    show(3_600_000)
    expect(screen.getByRole('timer').textContent).toContain('1:00:00')
    pass(61)
    expect(screen.getByRole('timer').textContent).toContain('58:59')
  })

  it('announces ten, five and one minutes, politely and once', () => {
    show(602_000)
    const status = screen.getByRole('status')
    expect(status.textContent).toBe('')
    pass(3)
    expect(status.textContent).toBe('10 minutes left.')
    expect(status.getAttribute('aria-live')).toBe('polite')
    pass(300)
    expect(status.textContent).toBe('5 minutes left.')
    pass(240)
    expect(status.textContent).toBe('1 minute left.')
  })

  it('shows an extension at once', () => {
    const clock = show(30_000)
    act(() => clock.sync({ now: 2_000, deadline: 2_000 + 900_000 }))
    expect(screen.getByRole('timer').textContent).toContain('15:00')
  })
})
