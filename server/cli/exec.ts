import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecOptions } from '../../sandbox/exec/run-program.ts'
import { nativePackagePath } from '../../sandbox/runtime/host-bundle.ts'
import { prepareExec } from '../../sandbox/runtime/prepare.ts'
import { runExecProcess, withoutCertificates } from './exec-process.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const cacheDir = join(projectRoot, '.cache', 'sandbox')
const usageExitCode = 2
const defaultMemoryMb = 1024
/** V8 makes no isolate with less. */
const leastMemoryMb = 8
export const usage = `usage: assay exec [--root DIR] [--virtual-time] [--expose-env NAME]... [--memory MB]
                  [--hardened] [--trace[=json]] file.js [args]

  Runs the script in the sandbox as node would. Its standard input is empty, what it writes to files stays in memory,
  and its network reaches only itself.

  --root DIR           folder it sees, read-only, node_modules included (default: the folder of the script)
  --virtual-time       timers do not wait: the clock moves on when the program does
  --expose-env NAME    a variable of your environment it may see; none otherwise
  --memory MB          memory it may take (default ${defaultMemoryMb})
  --hardened           compile nothing it writes to machine code; slower
  --trace[=json]       write what it did to standard error at its end: phases of the loop, longest turn, callbacks with
                       where they were set, requests with their Express layers, timers and sockets left alive,
                       unhandled rejections
`

/** The command line of `assay exec` is wrong. */
class ExecUsageError extends Error {
  override name = 'ExecUsageError'
}

/**
 * Runs a script in the sandbox as node would: `require` and `import` resolve inside the root, which it sees at its own
 * path; what it writes stays in memory, and its input is at its end.
 * @returns the program's exit code, 128 + n when signal n ended it; 2 for wrong usage
 */
export async function run(args: string[]): Promise<number> {
  let options: ExecRequest
  try {
    options = parseExecArguments(args, process.env, process.cwd())
  } catch (error) {
    if (!(error instanceof ExecUsageError)) throw error
    process.stderr.write(`assay exec: ${error.message}\n${usage}`)
    return usageExitCode
  }
  const { isHardened, ...request } = options
  const { isolate, execMain } = await prepareExec(cacheDir, { isHardened })
  const settings: ExecOptions = { ...request, isolate }
  const nodeArguments = [
    ...isolate.nodeFlags,
    execMain,
    JSON.stringify(settings),
    nativePackagePath(),
  ]
  return runExecProcess(nodeArguments, withoutCertificates(process.env))
}

/** What the command line says; where the sandbox lies is our own business. */
type ExecRequest = Omit<ExecOptions, 'isolate'> & { isHardened: boolean }

/** Options stand before the script; everything after it is the script's own. */
export function parseExecArguments(
  args: string[],
  env: NodeJS.ProcessEnv,
  workingFolder: string,
): ExecRequest {
  const rest = [...args]
  const exposed: Record<string, string> = { PATH: '/usr/local/bin', HOME: '/home/node' }
  let root: string | undefined
  let isVirtualTime = false
  let isHardened = false
  let memoryMb = defaultMemoryMb
  let trace: ExecOptions['trace']
  const value = (option: string): string => {
    const next = rest.shift()
    if (next === undefined) throw new ExecUsageError(`${option} needs a value`)
    return next
  }
  while (rest[0]?.startsWith('-') === true) {
    const option = rest.shift() as string
    if (option === '--root') root = existing(value(option))
    else if (option === '--virtual-time') isVirtualTime = true
    else if (option === '--hardened') isHardened = true
    else if (option === '--trace') trace = 'text'
    else if (option === '--trace=json') trace = 'json'
    else if (option === '--memory') memoryMb = memoryOf(value(option))
    else if (option === '--expose-env') {
      const name = value(option)
      exposed[name] = env[name] ?? ''
    } else throw new ExecUsageError(`expected a script, got '${option}'`)
  }
  const script = rest.shift()
  if (script === undefined) throw new ExecUsageError('expected a script')
  const file = existing(scriptPath(script, root, workingFolder))
  root ??= dirname(file)
  if (!isInside(root, file)) throw new ExecUsageError(`${file} is not in ${root}`)
  const folder = realpathSync(workingFolder)
  return {
    file,
    args: rest,
    root,
    cwd: isInside(root, folder) ? folder : root,
    env: exposed,
    isVirtualTime,
    isHardened,
    memoryMb,
    ...(trace && { trace }),
  }
}

/**
 * A relative script is looked for where the caller stands, as node does, then in the root. Who stands outside the root
 * means the root's: a file of that name here is another one.
 */
function scriptPath(script: string, root: string | undefined, workingFolder: string): string {
  const here = resolve(workingFolder, script)
  if (root === undefined) return here
  const there = resolve(root, script)
  if (existsSync(here) && (isInside(root, realpathSync(here)) || !existsSync(there))) return here
  return there
}

function existing(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    throw new ExecUsageError(`there is no ${path}`)
  }
}

function memoryOf(text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < leastMemoryMb) {
    throw new ExecUsageError(`expected at least ${leastMemoryMb} MB of memory, got '${text}'`)
  }
  return number
}

const isInside = (root: string, path: string) =>
  path === root || path.startsWith(root.endsWith(sep) ? root : root + sep)
