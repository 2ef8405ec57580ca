import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits } from '../../../contract/pack.ts'

const fixture = join(import.meta.dirname, 'fixtures/faults-pack')

/** A copy of the pack with the one challenge `hello`, under these limits. The caller removes the folder. */
export function makeFaultsPack(limits: Partial<Limits>): string {
  const root = mkdtempSync(join(tmpdir(), 'assay-faults-'))
  cpSync(fixture, root, { recursive: true })
  const manifest = join(root, 'challenges/hello/challenge.yaml')
  const text = readFileSync(manifest, 'utf8')
  writeFileSync(manifest, `${text}limits: ${JSON.stringify(limits)}\n`)
  return root
}
