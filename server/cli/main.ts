import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ConfigError } from '../config.ts'
import { PackError } from '../packs/pack-error.ts'

const usage = `usage: assay <command>

  assay grade <slug> <folder>
      Grade a folder as a submission of the challenge and print the verdict.
  assay exec [--root DIR] file.js [args]
      Run a script in the sandbox as node would.
  assay verify [slug]
      Check that challenges and their graders keep what they promise.
  assay conformance
      Compare the sandbox with the pinned Node, module by module.
  assay doctor
      Try every layer that contains programs on this machine, and tell what it protects from.

  assay <command> --help    Show all options of a command.
  assay --help              Show this text.
  assay --version           Show the version.
`

/** A command answers its exit code; anything it throws is told by `main`. */
interface Command {
  usage: string
  run: (args: string[]) => Promise<number>
}

/** Loaded only when asked for: starting one command must not cost what the others need. */
const commands: Record<string, () => Promise<Command>> = {
  grade: () => import('./grade.ts'),
  exec: () => import('./exec.ts'),
  verify: () => import('./verify.ts'),
  conformance: () => import('./conformance.ts'),
  doctor: () => import('./doctor.ts'),
}

const exitCodes = { ok: 0, usage: 2, failure: 3 } as const

/**
 * Runs one `assay` command.
 * @param args what follows `assay` on the command line
 * @returns the exit code: the command's own; 2 for wrong usage or a wrong pack; 3 when our own machinery failed
 */
export const main = async (args: string[]): Promise<number> => {
  const [name, ...rest] = args
  if (name === 'help' || (name !== undefined && asksForHelp(name))) {
    process.stdout.write(usage)
    return exitCodes.ok
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${readVersion()}\n`)
    return exitCodes.ok
  }
  if (name === undefined) {
    process.stderr.write(usage)
    return exitCodes.usage
  }
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!load) {
    const names = Object.keys(commands).join(', ')
    process.stderr.write(`assay: expected one of ${names}, got '${name}' (try assay --help)\n`)
    return exitCodes.usage
  }
  const command = await load()
  // Only right after the command's name: behind the script of `exec` it is a question to that script.
  if (rest[0] !== undefined && asksForHelp(rest[0])) {
    process.stdout.write(command.usage)
    return exitCodes.ok
  }
  try {
    return await command.run(rest)
  } catch (error) {
    if (isUsageError(error)) {
      process.stderr.write(`assay ${name}: ${firstSentence(error.message)}\n${command.usage}`)
      return exitCodes.usage
    }
    process.stderr.write(`assay ${name}: ${describe(error)}\n`)
    return isCallersMistake(error) ? exitCodes.usage : exitCodes.failure
  }
}

const asksForHelp = (word: string): boolean => word === '--help' || word === '-h'

const isCallersMistake = (error: unknown): boolean =>
  error instanceof PackError || error instanceof ConfigError

/** What node adds to it is advice on file names that begin with a dash. */
const firstSentence = (text: string): string => text.split('. ')[0] ?? text

/** `parseArgs` of node:util refused the arguments. */
const isUsageError = (error: unknown): error is Error =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  error.code.startsWith('ERR_PARSE_ARGS_')

const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return isCallersMistake(error) ? error.message : (error.stack ?? error.message)
}

const readVersion = (): string => {
  const text = readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2))
