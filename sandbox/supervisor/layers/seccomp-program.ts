import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Architecture, guestFilter } from './seccomp/filter.ts'

export const isFilteredArchitecture = (name: string): name is Architecture =>
  name === 'x64' || name === 'arm64'

const written = new Map<string, string>()

/** A file with the filter of this machine's architecture, written once. */
export function seccompProgram(cacheDir: string): string {
  let path = written.get(cacheDir)
  if (path === undefined) {
    if (!isFilteredArchitecture(process.arch)) throw new Error(`no filter for ${process.arch}`)
    const program = guestFilter(process.arch)
    const hash = createHash('sha256').update(program).digest('hex').slice(0, 16)
    path = join(cacheDir, `seccomp-${hash}.bpf`)
    if (!existsSync(path)) {
      mkdirSync(cacheDir, { recursive: true })
      const temporary = `${path}.${process.pid}`
      writeFileSync(temporary, program, { mode: 0o644 })
      renameSync(temporary, path)
    }
    written.set(cacheDir, path)
  }
  return path
}
