import { readdirSync, readFileSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ExecCommand, type ProcessOutcome, runProcess } from './exec-command.ts'

/** One program that ran on both sides. */
export interface ComparedProgram {
  name: string
  /** Public modules it loads, without `node:`. */
  modules: string[]
  /** Lines that it prints on the pinned Node. */
  lines: number
  /** Lines that are not the same here. */
  different: number
}

/** The folders of `sandbox/test` whose fixtures are whole programs in one file. */
const folders = ['modules', 'net', 'worker']
const testRoot = fileURLToPath(new URL('../test', import.meta.url))

/** Under Node's own permission model child processes are refused, as they are in the sandbox. */
const nodeArguments: Record<string, string[]> = {
  'child-process.cjs': ['--permission', '--allow-fs-read=*'],
}

/** Runs every program that the differential tests run, two at a time, and counts lines. */
export async function compareFixtures(exec: ExecCommand): Promise<ComparedProgram[]> {
  const paths = folders.flatMap((folder) => programsIn(join(testRoot, folder, 'fixtures')))
  const compared: ComparedProgram[] = []
  const next = async (): Promise<void> => {
    for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
      compared.push(await compareProgram(path, exec))
    }
  }
  await Promise.all([next(), next()])
  return compared
}

function programsIn(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => /\.[cm]js$/.test(path) && statSync(path).isFile())
}

async function compareProgram(path: string, exec: ExecCommand): Promise<ComparedProgram> {
  const name = basename(path)
  const text = readFileSync(path, 'utf8')
  const folder = dirname(path)
  const runNative = () =>
    runProcess(['--no-warnings', ...(nodeArguments[name] ?? []), path], folder)
  const inside = await runProcess(exec(folder, name, true), folder)
  const first = await runNative()
  // Where threads of the real Node race on a busy machine, the rarer order may come first.
  const native = first.stdout === inside.stdout ? first : await runNative()
  const linesOf = ({ stdout, stderr, exitCode }: ProcessOutcome) =>
    `${stdout}${stderr}exit ${exitCode}`.split('\n')
  const [expected, got] = [linesOf(native), linesOf(inside)]
  const different = expected.filter((line, i) => line !== got[i]).length
  return { name, modules: modulesIn(text), lines: expected.length, different }
}

/** Names of public modules that a program requires or imports. */
export function modulesIn(text: string): string[] {
  const found = text.matchAll(/(?:require\(|from |import\()\s*['"](?:node:)?([a-z_0-9/]+)['"]/g)
  return [...new Set([...found].map(([, id = '']) => id))].filter(
    (id) => builtinModules.includes(id) || builtinModules.includes(`node:${id}`),
  )
}
