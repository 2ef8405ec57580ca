import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInSandbox, runOnNode } from '../test/run-both.ts'

/** What one public module offers a program here, against the pinned Node. */
export interface ModuleExports {
  id: string
  /** Names on the pinned Node: exports, and members of exported classes and plain objects. */
  total: number
  /** Names that are absent here, or of another type. */
  missing: string[]
  /** Set when loading the whole module fails: with which code. */
  refusedWith: string | null
}

type Names = Record<string, string>

const lister = fileURLToPath(new URL('./list-exports.cjs', import.meta.url))

/** Lists every name of every public module on both sides. */
export async function compareExports(): Promise<ModuleExports[]> {
  const files = { 'list-exports.cjs': readFileSync(lister, 'utf8') }
  const [native, inside] = await Promise.all([runOnNode(files), runInSandbox(files)])
  const [expected, found] = [parse(native), parse(inside)]
  return Object.entries(expected).map(([id, names]) => {
    const ours = found[id] ?? {}
    const loading = /^throws (ERR_\w+)$/.exec(ours['(the module)'] ?? '')?.[1] ?? null
    return {
      id,
      total: Object.keys(names).length,
      missing:
        loading === null ? Object.keys(names).filter((name) => ours[name] !== names[name]) : [],
      refusedWith: loading,
    }
  })
}

function parse({ stdout, stderr }: { stdout: string; stderr: string }): Record<string, Names> {
  if (stdout === '') throw new Error(`the listing printed nothing: ${stderr}`)
  return JSON.parse(stdout) as Record<string, Names>
}
