import type { LoadedChallenge } from '../packs/load-challenge.ts'
import type { GateResult } from './gates.ts'
import { impurities } from './impurities.ts'
import type { LoadedGrader } from './load-grader.ts'

const minWrongSolutions = 6

/** What can be seen without running anything. */
export function staticProblems(challenge: LoadedChallenge, grader: LoadedGrader): GateResult[] {
  const impure = impurities(grader.suite)
  const leaks = leaksOf(challenge, grader)
  return [
    {
      gate: 'enough known-wrong solutions',
      isPassed: grader.wrong.length >= minWrongSolutions,
      detail: `${grader.wrong.length}, expected at least ${minWrongSolutions}`,
    },
    {
      gate: 'suite uses no real clock, randomness or network',
      isPassed: impure.length === 0,
      detail: impure.join('; '),
    },
    {
      gate: 'no hidden text on the public side',
      isPassed: leaks.length === 0,
      detail: leaks.join('; '),
    },
  ]
}

/** Titles of hidden cases that no sample shows, and paths of the secret side, found in what a candidate gets. */
function leaksOf(challenge: LoadedChallenge, grader: LoadedGrader): string[] {
  const publicText = [
    challenge.statement,
    ...Object.values(challenge.starter),
    ...Object.values(challenge.sample),
  ].join('\n')
  const sampleText = Object.values(challenge.sample).join('\n')
  const titles = [
    ...Object.values(grader.suite)
      .join('\n')
      .matchAll(/\btest\(\s*(['"`])(.+?)\1/g),
  ].map((m) => m[2] ?? '')
  const found = titles
    .filter(
      (title) => title.length > 12 && publicText.includes(title) && !sampleText.includes(title),
    )
    .map((title) => `hidden title "${title}"`)
  if (/\bgraders\//.test(publicText)) found.push('a path under graders/')
  return found
}
