// The way in for every npm script. It runs on whatever Node the machine has (20 or newer), installs
// what is missing, and hands over to the pinned Node; nothing else here has to run on an old one.
import { spawnSync } from 'node:child_process'
import { BootstrapError } from './bootstrap/bootstrap-error.mjs'
import { handOver } from './bootstrap/hand-over.mjs'
import { ensureInstalled } from './bootstrap/install.mjs'
import { projectRoot } from './bootstrap/pinned-node.mjs'
import { ensureWebBuilt } from './bootstrap/web-build.mjs'

/** `before`: what must be built first. `run`: arguments of the pinned Node, before the caller's own. */
const commands = {
  start: { before: ['web'], run: ['server/main.ts'] },
  dev: { before: [], run: ['scripts/dev.ts'] },
  build: { before: ['web', 'sandbox'], run: null },
  check: { before: [], run: ['scripts/check.ts'] },
  test: { before: ['web', 'sandbox'], run: ['scripts/test.ts'] },
  'test:e2e': { before: ['web', 'sandbox'], run: ['scripts/test.ts', 'e2e'] },
  attacks: { before: ['web', 'sandbox'], run: ['scripts/attacks.ts'] },
  bench: { before: ['web', 'sandbox'], run: ['scripts/bench.ts'] },
  'db:migrate': { before: [], run: ['scripts/database.ts', 'migrate'] },
  'db:seed': { before: [], run: ['scripts/database.ts', 'seed'] },
  openapi: { before: [], run: ['scripts/write-openapi.ts'] },
  verify: { before: ['sandbox'], run: ['server/cli/main.ts', 'verify'] },
}

/** @param {string} line */
const say = (line) => process.stderr.write(`${line}\n`)

/** @param {string} node */
const prepareSandbox = (node) => {
  const { status } = spawnSync(node, ['scripts/prepare-sandbox.ts'], { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new BootstrapError('The sandbox runtime could not be built; see above.')
}

const [name = '', ...rest] = process.argv.slice(2)
const command = Object.entries(commands).find(([each]) => each === name)?.[1]
if (!command) {
  say(`bootstrap: expected one of ${Object.keys(commands).join(', ')}, got '${name}'`)
  process.exit(2)
}
process.chdir(projectRoot)
try {
  const node = await ensureInstalled({ say })
  if (command.before.includes('web')) await ensureWebBuilt(node, { say })
  if (command.before.includes('sandbox')) prepareSandbox(node)
  if (command.run) await handOver(node, [...command.run, ...rest])
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error
  say(error.message)
  process.exit(1)
}
