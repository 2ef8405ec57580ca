import type { CaseResult, GradeResult } from '../../contract/verdict.ts'

const marks = {
  passed: '✓',
  failed: '✗',
  errored: '✗',
  'timed-out': '⧖',
  'not-run': '·',
} as const satisfies Record<CaseResult['status'], string>

/** A verdict as text for a terminal: every requirement, every case, and why a case did not pass. */
export function formatVerdict(title: string, result: GradeResult): string {
  const lines = [
    `${title}: ${result.verdict}, ${result.score.earned} of ${result.score.possible} points`,
    result.sentence,
    '',
  ]
  if (result.bootError !== undefined) lines.push(indent(printable(result.bootError), '  | '), '')
  for (const requirement of result.requirements) {
    const mark = requirement.isMet ? '✓' : '✗'
    lines.push(
      `${mark} ${requirement.id} ${requirement.text} (${requirement.earned}/${requirement.points})`,
    )
    for (const found of result.cases.filter((c) => c.requirementId === requirement.id)) {
      lines.push(`    ${marks[found.status]} ${found.title}`)
      if (found.failure !== undefined)
        lines.push(indent(printable(found.failure.message), '        '))
    }
  }
  const { wallClockMs, cpuMs, peakMb } = result.usage
  lines.push('', `${wallClockMs} ms, ${cpuMs} ms of processor time, ${peakMb} MB`)
  return `${lines.join('\n')}\n`
}

const indent = (text: string, prefix: string) =>
  text
    .trim()
    .split('\n')
    .slice(0, 12)
    .map((line) => prefix + line)
    .join('\n')

const acting =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** Control, separator and bidirectional characters of a candidate's output must not act on a reviewer's terminal. */
const printable = (text: string) => text.replace(acting, '�')
