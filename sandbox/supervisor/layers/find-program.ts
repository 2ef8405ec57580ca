import { accessSync, constants } from 'node:fs'

/** Not the PATH of whoever started us: these run before the guest is confined. */
const folders = [
  '/usr/bin',
  '/bin',
  '/usr/sbin',
  '/sbin',
  '/usr/local/bin',
  '/run/current-system/sw/bin',
]

const found = new Map<string, string | null>()

/** Absolute path of a program of the system, or null. */
export function findProgram(name: string): string | null {
  let path = found.get(name)
  if (path === undefined) {
    path = folders.map((folder) => `${folder}/${name}`).find(isExecutable) ?? null
    found.set(name, path)
  }
  return path
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
