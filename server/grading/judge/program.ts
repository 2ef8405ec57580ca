import type { Program } from '../../../sandbox/isolate/env.ts'
import type { ProgramSpec } from './messages.ts'

/** Where a candidate's project lies in the guest, and the port it is told to listen on. */
export const projectRoot = '/app'
export const defaultPort = 3000

export interface LaunchOptions {
  /** Project-relative file to run instead of the entry. */
  file?: string
  args?: string[]
  env?: Record<string, string>
  /** Project-relative files laid over the submission. */
  files?: Record<string, string>
  /** Text on standard input, which then ends. */
  stdin?: string
  seed: number
  /** Records what the program does; see `createTraces`. */
  isTraced?: boolean
}

/** The guest's view of a submission: its files under `/app`, a small fixed environment, its entry as main module. */
export function programOf(spec: ProgramSpec, options: LaunchOptions): Program {
  const files: Program['files'] = {}
  for (const [path, text] of Object.entries({ ...spec.files, ...options.files })) {
    files[`${projectRoot}/${path}`] = text
  }
  return {
    argv: [`${projectRoot}/${options.file ?? spec.entry}`, ...(options.args ?? [])],
    execArgv: [],
    env: {
      HOME: projectRoot,
      PATH: '/usr/local/bin:/usr/bin:/bin',
      PORT: String(defaultPort),
      TZ: 'UTC',
      ...options.env,
    },
    cwd: projectRoot,
    files,
    cliOptions: {},
    seed: options.seed,
    ...(options.isTraced === true && { isTraced: true }),
    ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
  }
}

/**
 * Serves an entry that exports an app and does not listen by itself: an Express app, a plain `(req, res)` listener, or an
 * `http.Server`.
 */
export const serveExportedApp = (entry: string) => `
import { createServer } from 'node:http'
const loaded = await import(${JSON.stringify(`./${entry}`)})
const app = loaded.default ?? loaded.app ?? loaded['module.exports']
const port = Number(process.env.PORT)
if (typeof app === 'function') createServer(app).listen(port)
else if (typeof app?.listen === 'function') app.listen(port)
else {
  console.error('expected ${entry} to listen on process.env.PORT or to export an app, it did neither')
  process.exitCode = 1
}
`

/** Runs a probe inside a fresh guest; its answer is the last line of output, marked with a nonce the program cannot know ahead. */
export const evaluateProbe = (source: string, args: unknown[], nonce: string) => `
import { writeSync } from 'node:fs'
const probe = (${source})
const answer = await probe({ load: (path) => import(new URL(path, 'file://${projectRoot}/').href), args: ${JSON.stringify(args)} })
writeSync(1, '\\n${nonce}' + JSON.stringify({ answer }) + '\\n')
process.exit(0)
`
