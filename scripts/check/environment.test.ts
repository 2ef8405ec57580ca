import { describe, expect, test } from 'vitest'
import { touchesEnvironment } from './environment.ts'

describe('a source touches the environment', () => {
  test.each([
    'const port = process.env.PORT',
    'run({ ...process.env })',
    'load(process\n  .env)',
    'const mode = import.meta.env.MODE',
  ])('when it says %j', (source) => {
    expect(touchesEnvironment(source)).toBe(true)
  })

  test.each([
    "const program = 'app.listen(process.env.PORT)'",
    'const program = `\napp.listen(process.env.PORT)\n`',
    '// process.env is not read here',
    '/** Nor here: process.env. */',
    'const env = options.env',
  ])('but not when it says %j', (source) => {
    expect(touchesEnvironment(source)).toBe(false)
  })
})
