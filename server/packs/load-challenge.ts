import { existsSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { ChallengeManifest } from '../../contract/pack.ts'
import type { FileTree } from '../grading/engine.ts'
import { hashFileTree, readFileTree } from './file-tree.ts'
import { PackError, type PackProblem, quote } from './pack-error.ts'
import { readManifest } from './read-manifest.ts'
import { rubricProblems } from './read-rubric.ts'

export interface LoadedChallenge {
  slug: string
  manifest: ChallengeManifest
  /** Markdown. */
  statement: string
  /** The whole starter, hidden files included. */
  starter: FileTree
  sample: FileTree
  /** sha256 hex over `challenges/<slug>` and `graders/<slug>`: the version an attempt pins. */
  hash: string
  /** Both folders as they were hashed, by path from the pack's root. */
  sources: FileTree
}

/** The secret side holds a suite, a solution and six or more wrong ones: more files than one project has. */
const graderLimits = { files: 2000, fileBytes: 262_144, totalBytes: 8_388_608 }

const slugPattern = /^[a-z][a-z0-9-]{0,79}$/

/** Is this path one of those a manifest's glob list means? */
export const matchesAny = (path: string, globs: readonly string[]) =>
  globs.some((glob) => matchesGlob(path, glob))

const problemsOf = (
  file: string,
  manifest: ChallengeManifest,
  starter: FileTree,
  sample: FileTree,
) => {
  const problems: PackProblem[] = []
  const add = (key: string, expected: string, got: unknown) =>
    problems.push({ file, key, expected, got: quote(got) })
  if (!(manifest.files.entry in starter))
    add('files.entry', 'a file of the starter', manifest.files.entry)
  for (const [i, path] of manifest.files.open.entries()) {
    if (!(path in starter)) add(`files.open.${i}`, 'a file of the starter', path)
    else if (matchesAny(path, manifest.files.hidden))
      add(`files.open.${i}`, 'a file that is not hidden', path)
  }
  for (const key of ['readOnly', 'hidden'] as const) {
    for (const [i, glob] of manifest.files[key].entries()) {
      if (!Object.keys(starter).some((path) => matchesAny(path, [glob]))) {
        add(`files.${key}.${i}`, 'a pattern that matches a file of the starter', glob)
      }
    }
  }
  const seen = new Set<string>()
  for (const [i, requirement] of manifest.requirements.entries()) {
    if (seen.has(requirement.id)) add(`requirements.${i}.id`, 'an id used once', requirement.id)
    seen.add(requirement.id)
    if (!manifest.competencies.includes(requirement.competency)) {
      add(
        `requirements.${i}.competency`,
        "one of the challenge's competencies",
        requirement.competency,
      )
    }
  }
  if (!Object.keys(sample).some((path) => path.endsWith('.test.ts'))) {
    problems.push({
      file: file.replace('challenge.yaml', 'sample'),
      key: '',
      expected: 'a *.test.ts file',
      got: 'none',
    })
  }
  return problems
}

const prefixed = (prefix: string, files: FileTree): FileTree =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${prefix}/${path}`, text]))

/**
 * Loads one challenge of the pack at `root` and checks it strictly. Throws `PackError` with every problem found:
 * file, key, expected and got. The secret side is hashed but never part of the public fields.
 */
export const loadChallenge = (root: string, slug: string): LoadedChallenge => {
  const folder = `challenges/${slug}`
  const file = `${folder}/challenge.yaml`
  if (!slugPattern.test(slug)) {
    throw new PackError([
      { file: folder, key: '', expected: 'a name like middleware-pipeline', got: quote(slug) },
    ])
  }
  const manifest = readManifest(root, file, ChallengeManifest)
  const publicSide = readFileTree(join(root, folder))
  const under = (prefix: string) =>
    Object.fromEntries(
      Object.entries(publicSide).flatMap(([path, text]) =>
        path.startsWith(prefix) ? [[path.slice(prefix.length), text]] : [],
      ),
    )
  const starter = under('starter/')
  const sample = under('sample/')
  const problems = problemsOf(file, manifest, starter, sample)
  const statement = publicSide['README.md']
  if (!statement?.trim()) {
    problems.push({
      file: `${folder}/README.md`,
      key: '',
      expected: 'the statement',
      got: 'nothing',
    })
  }
  if (!existsSync(join(root, 'graders', slug, 'suite'))) {
    problems.push({
      file: `graders/${slug}/suite`,
      key: '',
      expected: 'the hidden suite',
      got: 'no such folder',
    })
  }
  problems.push(...rubricProblems(root, slug))
  if (problems.length > 0) throw new PackError(problems)
  const sources = {
    ...prefixed(folder, publicSide),
    ...prefixed(`graders/${slug}`, readFileTree(join(root, 'graders', slug), graderLimits)),
  }
  return {
    slug,
    manifest,
    statement: statement ?? '',
    starter,
    sample,
    hash: hashFileTree(sources),
    sources,
  }
}
