import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Rubric } from '../../contract/pack.ts'
import { PackError, type PackProblem, quote } from './pack-error.ts'
import { readManifest } from './read-manifest.ts'

const fileOf = (slug: string) => `graders/${slug}/rubric.yaml`

/** What a schema cannot say: criteria have ids of their own, levels go up from 0 without a gap. */
const problemsOf = (file: string, { criteria }: Rubric): PackProblem[] => {
  const problems: PackProblem[] = []
  const seen = new Set<string>()
  for (const [i, { id, levels }] of criteria.entries()) {
    if (seen.has(id)) {
      problems.push({
        file,
        key: `criteria.${i}.id`,
        expected: 'an id used once',
        got: quote(id),
      })
    }
    seen.add(id)
    for (const [score, level] of levels.entries()) {
      if (level.score === score) continue
      const key = `criteria.${i}.levels.${score}.score`
      problems.push({ file, key, expected: String(score), got: quote(level.score) })
    }
  }
  return problems
}

/** Everything that is wrong with the rubric of a challenge; nothing when it is right or there is none. */
export const rubricProblems = (root: string, slug: string): readonly PackProblem[] => {
  const file = fileOf(slug)
  if (!existsSync(join(root, file))) return []
  try {
    return problemsOf(file, readManifest(root, file, Rubric))
  } catch (error) {
    if (error instanceof PackError) return error.problems
    throw error
  }
}
