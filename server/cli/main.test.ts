import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { main } from './main.ts'

describe('assay', () => {
  let stdout = ''
  let stderr = ''
  beforeEach(() => {
    stdout = ''
    stderr = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stdout += text
      return true
    })
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      stderr += text
      return true
    })
  })
  afterEach(() => vi.restoreAllMocks())

  test.each(['--help', '-h', 'help'])('%s names every command on stdout', async (flag) => {
    expect(await main([flag])).toBe(0)
    expect(stdout).toMatch(/assay grade.*assay exec.*assay verify/s)
    expect(stderr).toBe('')
  })

  test('--version is the version of the package', async () => {
    expect(await main(['--version'])).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('no command at all is wrong usage', async () => {
    expect(await main([])).toBe(2)
    expect(stderr).toMatch(/^usage: assay/)
  })

  test.each(['garde', 'toString', '__proto__'])(
    'an unknown command %s is one line and exit code 2',
    async (name) => {
      expect(await main([name])).toBe(2)
      expect(stderr).toBe(
        `assay: expected one of grade, exec, verify, got '${name}' (try assay --help)\n`,
      )
      expect(stdout).toBe('')
    },
  )

  test('an option a command does not have is one message and exit code 2', async () => {
    expect(await main(['verify', '--nonsense'])).toBe(2)
    expect(stderr).toMatch(/^assay verify: Unknown option '--nonsense'/)
    expect(stderr).not.toMatch(/\n {4}at /)
  })
})
