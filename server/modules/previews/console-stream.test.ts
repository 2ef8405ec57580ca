import { describe, expect, test } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import { consoleBytesPerWindow, createConsoleStream } from './console-stream.ts'

const setup = () => {
  const clock = createFakeClock()
  const sent: string[] = []
  const stream = createConsoleStream(clock, (name, text) => sent.push(`${name}: ${text}`))
  return { clock, sent, stream }
}

describe('createConsoleStream', () => {
  test('gathers pieces that come together, in order', () => {
    const { clock, sent, stream } = setup()
    stream.write('stdout', 'a')
    stream.write('stdout', 'b')
    stream.write('stderr', 'c')
    stream.write('stdout', 'd')
    expect(sent).toEqual([])
    clock.advance(40)
    expect(sent).toEqual(['stdout: ab', 'stderr: c', 'stdout: d'])
  })

  test('sends what is left when the program ends', () => {
    const { sent, stream } = setup()
    stream.write('stdout', 'last')
    stream.close()
    expect(sent).toEqual(['stdout: last'])
  })

  test('says once how much of a flood was left out', () => {
    const { clock, sent, stream } = setup()
    stream.write('stdout', 'x'.repeat(consoleBytesPerWindow))
    for (let i = 0; i < 1000; i += 1) stream.write('stdout', 'more')
    clock.advance(40)
    expect(sent).toHaveLength(2)
    expect(sent[1]).toBe('stderr: [4000 more bytes of output were not sent]\n')
  })

  test('takes output again in the next second', () => {
    const { clock, sent, stream } = setup()
    stream.write('stdout', 'x'.repeat(consoleBytesPerWindow))
    clock.advance(1000)
    stream.write('stdout', 'hello again')
    clock.advance(40)
    expect(sent.at(-1)).toBe('stdout: hello again')
  })
})
