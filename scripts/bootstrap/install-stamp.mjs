import { createHash } from 'node:crypto'

/**
 * What an installation was made from: it is fresh as long as this stays the same.
 * @param {string} lockText text of package-lock.json
 * @param {string} platform as `${process.platform}-${process.arch}`
 */
export const stampOf = (lockText, platform) =>
  createHash('sha256').update(`${platform}\n${lockText}`).digest('hex')

/**
 * Whether npm's own record of `node_modules` (its hidden lockfile) holds what package-lock.json
 * asks for, so that an installation made by hand is not made again.
 * Optional packages may be absent: most of them belong to other platforms.
 * @param {string} lockText text of package-lock.json
 * @param {string} installedText text of node_modules/.package-lock.json
 */
export const installedMatchesLock = (lockText, installedText) => {
  const wanted = readPackages(lockText)
  const installed = readPackages(installedText)
  if (wanted === null || installed === null) return false
  for (const [path, { version }] of Object.entries(installed)) {
    if (wanted[path]?.version !== version) return false
  }
  return Object.entries(wanted).every(
    ([path, { optional, devOptional, peer }]) =>
      path === '' || optional || devOptional || peer || path in installed,
  )
}

/**
 * @param {string} text
 * @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }> | null}
 */
const readPackages = (text) => {
  try {
    return JSON.parse(text).packages ?? null
  } catch {
    return null
  }
}
