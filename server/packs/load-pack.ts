import { lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { PackManifest } from '../../contract/pack.ts'
import { type LoadedChallenge, loadChallenge } from './load-challenge.ts'
import { PackError, type PackProblem } from './pack-error.ts'
import { readManifest } from './read-manifest.ts'

export interface LoadedPack {
  root: string
  manifest: PackManifest
  /** By slug, in name order. */
  challenges: LoadedChallenge[]
}

/**
 * Loads every challenge of the pack at `root`: a folder with `pack.yaml`, `challenges/` and `graders/`.
 * Throws `PackError` with the problems of all its challenges together.
 */
export const loadPack = (root: string): LoadedPack => {
  const manifest = readManifest(root, 'pack.yaml', PackManifest)
  const folder = join(root, 'challenges')
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new PackError([
      { file: 'challenges', key: '', expected: 'a folder', got: 'no such folder' },
    ])
  }
  const problems: PackProblem[] = []
  const challenges: LoadedChallenge[] = []
  const ids = new Map<string, string>()
  for (const slug of readdirSync(folder).sort()) {
    if (slug.startsWith('.') || lstatSync(join(folder, slug)).isFile()) continue
    try {
      const challenge = loadChallenge(root, slug)
      const { id } = challenge.manifest
      const other = ids.get(id)
      if (other) {
        problems.push({
          file: `challenges/${slug}/challenge.yaml`,
          key: 'id',
          expected: 'an id of its own',
          got: `that of ${other}`,
        })
      }
      ids.set(id, slug)
      challenges.push(challenge)
    } catch (error) {
      if (!(error instanceof PackError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) throw new PackError(problems)
  return { root, manifest, challenges }
}
