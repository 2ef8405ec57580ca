import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BootstrapError } from './bootstrap-error.mjs'
import { withLock } from './lock.mjs'
import { projectRoot } from './pinned-node.mjs'
import { hashTree } from './tree-hash.mjs'

/** What the built page is made from: its source, the types it shares, the packages it bundles. */
const sources = ['web', 'contract', 'package-lock.json']

/**
 * Builds `dist/web` unless it was built from exactly these sources. Throws `BootstrapError` when the build fails.
 * @param {string} node path of the pinned Node
 * @param {{ root?: string, say: (line: string) => void }} options
 */
export const ensureWebBuilt = async (node, { root = projectRoot, say }) => {
  if (isFresh(root)) return
  await withLock(
    join(root, '.cache', 'web-build.lock'),
    () => {
      if (isFresh(root)) return
      say('Building the web page ...')
      rmSync(stampPath(root), { force: true })
      const hash = hashTree(root, sources)
      const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
      const args = [vite, 'build', 'web', '--config', 'web/vite.config.ts', '--logLevel', 'warn']
      // What is built must not depend on who asks: a test runner's NODE_ENV would bundle React for development.
      const env = { ...process.env, NODE_ENV: 'production' }
      const { status } = spawnSync(node, args, { cwd: root, env, stdio: ['ignore', 2, 2] })
      if (status !== 0) throw new BootstrapError('The web page could not be built; see above.')
      mkdirSync(join(root, 'dist'), { recursive: true })
      writeFileSync(stampPath(root), hash)
    },
    { onWait: (pid) => say(`Waiting for process ${pid}, which is building the web page ...`) },
  )
}

/** Beside the folder, not in it: everything in `dist/web` is served. @param {string} root */
const stampPath = (root) => join(root, 'dist', 'web.stamp')

/** @param {string} root */
const isFresh = (root) =>
  existsSync(join(root, 'dist', 'web', 'index.html')) &&
  existsSync(stampPath(root)) &&
  readFileSync(stampPath(root), 'utf8') === hashTree(root, sources)
