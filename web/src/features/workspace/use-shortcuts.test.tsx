// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { afterEach, expect, it, vi } from 'vitest'
import { useShortcuts } from './use-shortcuts.ts'

afterEach(cleanup)

function Page({ onRun, onRunSamples }: { onRun: () => void; onRunSamples: () => void }) {
  useShortcuts(onRun, onRunSamples)
  return (
    <>
      <input aria-label="anywhere" />
      <form data-ctrl-enter="own">
        <input aria-label="own" />
      </form>
    </>
  )
}

it.each([
  ['anywhere', '{Control>}{Enter}', [1, 0]],
  ['anywhere', '{Meta>}{Enter}', [1, 0]],
  ['anywhere', '{Control>}{Shift>}{Enter}', [0, 1]],
  ['anywhere', '{Enter}', [0, 0]],
  ['own', '{Control>}{Enter}', [0, 0]],
  ['own', '{Control>}{Shift>}{Enter}', [0, 1]],
])('in %s, %s runs the program and the sample cases %j times', async (name, keys, calls) => {
  const onRun = vi.fn()
  const onRunSamples = vi.fn()
  render(<Page onRun={onRun} onRunSamples={onRunSamples} />)
  screen.getByRole('textbox', { name }).focus()
  await userEvent.setup().keyboard(keys)
  expect([onRun.mock.calls.length, onRunSamples.mock.calls.length]).toEqual(calls)
})
