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
    expect(stdout).toMatch(/assay grade.*assay exec.*assay verify.*assay doctor/s)
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
        `assay: expected one of grade, exec, verify, conformance, doctor, got '${name}' (try assay --help)\n`,
      )
      expect(stdout).toBe('')
    },
  )

  test('an option a command does not have is one message and exit code 2', async () => {
    expect(await main(['verify', '--nonsense'])).toBe(2)
    expect(stderr).toMatch(/^assay verify: Unknown option '--nonsense'\nusage: assay verify/)
    expect(stderr).not.toMatch(/\n {4}at /)
  })

  test.each([
    ['grade', '--help', '--seed N'],
    ['grade', '-h', '--sample'],
    ['exec', '--help', '--memory MB'],
    ['verify', '--help', '--pack DIR'],
  ])('%s %s shows its options on stdout', async (name, flag, option) => {
    expect(await main([name, flag])).toBe(0)
    expect(stdout).toMatch(new RegExp(`^usage: assay ${name} `))
    expect(stdout).toContain(`\n  ${option}`)
    expect(stderr).toBe('')
  })

  test.each([
    ['grade', ['grade', 'no-such', '.']],
    ['verify', ['verify', 'no-such']],
  ])('%s of an unknown challenge names those there are', async (name, args) => {
    expect(await main(args)).toBe(2)
    expect(stderr).toMatch(
      new RegExp(`^assay ${name}: expected one of .*order-of-events.*, got no-such\n$`),
    )
  })

  test.each([[[]], [['signup-api']], [['signup-api', '.', 'more']]])(
    'grade %j says what is missing before its usage',
    async (args) => {
      expect(await main(['grade', ...args])).toBe(2)
      expect(stderr).toMatch(/^assay grade: expected a challenge and a folder\nusage: assay grade/)
    },
  )
})
