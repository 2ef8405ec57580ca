import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const repoRoot = fileURLToPath(new URL('../..', import.meta.url))

/** Inside the repository, so that `node_modules` resolves by walking up. */
const workRoot = join(repoRoot, '.cache', 'native')

/** A submission laid out on disk. */
export interface Project {
  readonly folder: string
  read(path: string): Promise<string>
  /** A copy of its own with some files laid over; same lifetime as the project. */
  overlay(files: Record<string, string>): Promise<Project>
  remove(): Promise<void>
}

/**
 * The submission under test for a suite or sample file: the starter with `ASSAY_NATIVE_DIR` over it,
 * or with the reference solution over it. `ASSAY_NATIVE_DIR` is a list of folders joined by the
 * platform's path delimiter, laid over each other in order, without the starter.
 */
export async function createProject(testPath: string, layers?: string[]): Promise<Project> {
  const slug = selectSlug(testPath)
  return layOut(
    layers ?? [
      join(repoRoot, 'challenges', slug, 'starter'),
      join(repoRoot, 'graders', slug, 'solution'),
    ],
  )
}

/** The challenge a suite or sample file belongs to. Throws for a file outside `challenges/` and `graders/`. */
export function selectSlug(testPath: string): string {
  const [root, slug] = relative(repoRoot, testPath).split(sep)
  if (!slug || (root !== 'challenges' && root !== 'graders')) {
    throw new Error(`${testPath} lies outside challenges/<slug> and graders/<slug>`)
  }
  return slug
}

async function layOut(layers: string[]): Promise<Project> {
  await mkdir(workRoot, { recursive: true })
  const folder = await mkdtemp(join(workRoot, 'project-'))
  const notManifest = (source: string) => !source.endsWith(`${sep}wrong.yaml`)
  for (const layer of layers) await cp(layer, folder, { recursive: true, filter: notManifest })
  const copies: Project[] = []

  const project: Project = {
    folder,
    read: (path) => readFile(selectInside(folder, path), 'utf8'),
    async overlay(files) {
      const copy = await layOut([folder])
      copies.push(copy)
      for (const [path, text] of Object.entries(files)) {
        const target = selectInside(copy.folder, path)
        await mkdir(dirname(target), { recursive: true })
        await writeFile(target, text)
      }
      return copy
    },
    async remove() {
      await Promise.all(copies.map((copy) => copy.remove()))
      await rm(folder, { recursive: true, force: true })
    },
  }
  return project
}

function selectInside(folder: string, path: string): string {
  const target = resolve(folder, path)
  if (!target.startsWith(folder + sep)) throw new Error(`'${path}' leads out of the project`)
  return target
}
