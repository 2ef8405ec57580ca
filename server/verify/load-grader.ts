import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { WrongManifest } from '../../contract/pack.ts'
import type { FileTree } from '../grading/engine.ts'
import { readFileTree } from '../packs/file-tree.ts'
import { readManifest } from '../packs/read-manifest.ts'

/** One known-wrong solution and what it must earn. */
export interface WrongSolution {
  name: string
  manifest: WrongManifest
  /** The folder's files without `wrong.yaml`, as an overlay. */
  files: FileTree
}

/** The secret side of a challenge, as the author's gate needs it. Never loaded by a route of a candidate. */
export interface LoadedGrader {
  solution: FileTree
  suite: FileTree
  wrong: WrongSolution[]
}

const wrongManifestName = 'wrong.yaml'

/** @throws {PackError} when a `wrong.yaml` does not fit its schema */
export function loadGrader(root: string, slug: string): LoadedGrader {
  const folder = join('graders', slug)
  const wrongRoot = join(root, folder, 'wrong')
  const names = existsSync(wrongRoot) ? readdirSync(wrongRoot).sort() : []
  return {
    solution: readFileTree(join(root, folder, 'solution')),
    suite: readFileTree(join(root, folder, 'suite')),
    wrong: names.map((name) => {
      const { [wrongManifestName]: _manifest, ...files } = readFileTree(join(wrongRoot, name))
      return {
        name,
        manifest: readManifest(root, `${folder}/wrong/${name}/${wrongManifestName}`, WrongManifest),
        files,
      }
    }),
  }
}
