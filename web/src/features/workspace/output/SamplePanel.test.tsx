// @vitest-environment jsdom
import { cleanup, render, screen, within } from '@testing-library/react'
import { afterEach, describe, expect, it } from 'vitest'
import { makeRun } from '../../../testing/fixtures.ts'
import { SamplePanel } from './SamplePanel.tsx'

afterEach(cleanup)

describe('SamplePanel', () => {
  it('counts what passed and shows failures first, open, with their evidence', () => {
    render(<SamplePanel run={makeRun()} isUnderWay={false} />)
    expect(screen.getByText(/of 2 sample cases passed/).textContent).toContain('1')
    const [first, second] = screen.getAllByRole('group').filter((one) => one.tagName === 'DETAILS')
    expect(first?.hasAttribute('open')).toBe(true)
    expect(second?.hasAttribute('open')).toBe(false)
    const failed = within(first as HTMLElement)
    expect(failed.getByText('Failed')).toBeDefined()
    expect(failed.getByRole('group', { name: 'Expected' }).textContent).toBe('422')
    expect(failed.getByRole('group', { name: 'Received' }).textContent).toBe('201')
    expect(failed.getByRole('article', { name: 'POST /signup' })).toBeDefined()
    expect(failed.getByRole('group', { name: 'Output of the program' }).textContent).toContain(
      'signup not-an-email',
    )
  })

  it('shows the sentence and the error of a program that does not start', () => {
    const run = makeRun({
      cases: [],
      verdict: 'syntax-error',
      sentence: 'The program does not parse.',
      bootError: 'SyntaxError: Unexpected token',
    })
    render(<SamplePanel run={run} isUnderWay={false} />)
    expect(screen.getByText('The program does not parse.')).toBeDefined()
    expect(screen.getByText(/Unexpected token/)).toBeDefined()
  })

  it('says that a failure of ours is ours', () => {
    const run = makeRun({
      state: 'failed',
      cases: [],
      verdict: null,
      sentence: 'This was our fault, not yours; please try again.',
    })
    render(<SamplePanel run={run} isUnderWay={false} />)
    expect(screen.getByText(/our fault, not yours/)).toBeDefined()
  })

  it('says that it is running, and what to do before the first run', () => {
    const { rerender } = render(<SamplePanel run={null} isUnderWay={false} />)
    expect(screen.getByText(/Run the sample cases to see/)).toBeDefined()
    rerender(<SamplePanel run={null} isUnderWay />)
    expect(screen.getByRole('status').textContent).toContain('Running the sample cases')
  })
})
