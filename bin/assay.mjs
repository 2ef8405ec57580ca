#!/usr/bin/env node
// The `assay` command. Runs on whatever Node the machine has (20 or newer): installs what is
// missing, then the pinned Node takes over. Only the program's own output reaches stdout.
import { join } from 'node:path'
import { BootstrapError } from '../scripts/bootstrap/bootstrap-error.mjs'
import { handOver } from '../scripts/bootstrap/hand-over.mjs'
import { ensureInstalled } from '../scripts/bootstrap/install.mjs'
import { isPinnedNode, projectRoot } from '../scripts/bootstrap/pinned-node.mjs'

const args = process.argv.slice(2)
try {
  const node = await ensureInstalled({ say: (line) => process.stderr.write(`assay: ${line}\n`) })
  if (isPinnedNode()) {
    // npx finds the pinned Node first on its PATH; a second start would only cost time.
    const { main } = await import('../server/cli/main.ts')
    process.exitCode = await main(args)
  } else {
    await handOver(node, [join(projectRoot, 'server', 'cli', 'main.ts'), ...args])
  }
} catch (error) {
  if (!(error instanceof BootstrapError)) throw error
  process.stderr.write(`assay: ${error.message}\n`)
  process.exitCode = 1
}
