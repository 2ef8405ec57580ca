import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { BootstrapError } from './bootstrap-error.mjs'
import { installedMatchesLock, stampOf } from './install-stamp.mjs'
import { withLock } from './lock.mjs'
import { pinnedNodePath, projectRoot, supportedPlatforms } from './pinned-node.mjs'

/** Packages that bring machine code; each must load in the pinned Node, or nothing works later. */
const nativePackages = ['isolated-vm', 'better-sqlite3', 'esbuild']

/**
 * Installs the packages of package-lock.json unless they are there already.
 * Throws `BootstrapError` when that cannot be done.
 * @param {{ root?: string, say: (line: string) => void }} options `say` prints one line of progress
 * @returns {Promise<string>} absolute path of the pinned Node
 */
export const ensureInstalled = async ({ root = projectRoot, say }) => {
  const platform = `${process.platform}-${process.arch}`
  const node = pinnedNodePath(root, platform)
  if (node === null) {
    throw new BootstrapError(
      `Assay has no pinned Node for ${platform}; it runs on ${supportedPlatforms.join(', ')}.`,
    )
  }
  if (isFresh(root, platform, node)) return node
  await withLock(
    join(root, '.cache', 'install.lock'),
    async () => {
      // Another process may have installed while this one waited.
      if (isFresh(root, platform, node)) return
      if (!isInstalledByHand(root, node)) {
        say('Installing packages (once, then only when package-lock.json changes) ...')
        await runNpmCi(root)
      }
      checkInstallation(root, node)
      writeFileSync(stampPath(root), stampOf(readLock(root), platform))
    },
    { onWait: (pid) => say(`Waiting for process ${pid}, which is installing packages ...`) },
  )
  return node
}

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.assay-installed')

/** @param {string} root */
const readLock = (root) => readFileSync(join(root, 'package-lock.json'), 'utf8')

/** @param {string} path */
const readOptional = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')

/** @param {string} root @param {string} platform @param {string} node */
const isFresh = (root, platform, node) =>
  existsSync(node) && readOptional(stampPath(root)) === stampOf(readLock(root), platform)

/** @param {string} root @param {string} node */
const isInstalledByHand = (root, node) =>
  existsSync(node) &&
  installedMatchesLock(
    readLock(root),
    readOptional(join(root, 'node_modules', '.package-lock.json')),
  )

/**
 * npm's own output goes to stderr, so that the output of `assay` commands stays clean.
 * @param {string} root
 */
const runNpmCi = async (root) => {
  // Development packages hold the web's build tools; optional ones hold the pinned Node.
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional']
  const child = spawn('npm', [...args, '--loglevel=error'], {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutPackages(root) },
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  const problem = await new Promise((done) => {
    child.on('error', (error) => done(`npm could not be started: ${error.message}`))
    child.on('exit', (code, signal) =>
      done(code === 0 ? null : `npm ci ended with ${signal ?? `exit code ${code}`}`),
    )
  })
  if (problem !== null) {
    throw new BootstrapError(
      `${problem}. Assay needs npm and a way to its package registry; see the lines above.`,
    )
  }
}

/**
 * npm must not run on the Node it is about to delete.
 * @param {string} root
 */
const pathWithoutPackages = (root) => {
  const packages = join(root, 'node_modules')
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !resolve(folder).startsWith(packages))
    .join(delimiter)
}

/** @param {string} root @param {string} node */
const checkInstallation = (root, node) => {
  if (!existsSync(node)) {
    throw new BootstrapError(
      `The pinned Node is missing at ${node}. It comes as an optional package: allow optional ` +
        'packages (npm config get omit), delete node_modules and start again.',
    )
  }
  const program = nativePackages.map((name) => loadStep(name)).join('')
  const { status, error, stderr } = spawnSync(node, ['--no-node-snapshot', '-e', program], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status === 0) return
  throw new BootstrapError(
    `The installed packages do not work on this machine (on Linux, glibc is needed):\n` +
      `  ${(error?.message ?? stderr.trim()).slice(0, 600)}\n` +
      'Delete node_modules and start again; if it stays, please report it with the lines above.',
  )
}

/** Requiring better-sqlite3 alone would not load its machine code. @param {string} name */
const loadStep = (name) =>
  `try { const found = require('${name}'); if ('${name}' === 'better-sqlite3') new found(':memory:').close() } ` +
  `catch (error) { console.error('${name}: ' + error.message); process.exit(1) };`
