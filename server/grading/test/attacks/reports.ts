import { formatVerdict } from '../../../cli/format-verdict.ts'
import type { Arena } from './arena.ts'
import type { Seen } from './attack.ts'
import { answering } from './programs.ts'

const nasty =
  '\\u001b[2J\\u001b]0;title\\u0007\\u001b]8;;http://x\\u001b\\\\\\u202e\\u2066\\u200f\\u0000\\u009b31m</script><img src=x onerror=alert(1)>\\r=cmd|calc!A1\\u2028'
const acting =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/** D04: the one report that is no page: what `assay grade` and `assay verify` print. Pages are text nodes of React. */
export async function playReports(arena: Arena): Promise<Seen> {
  const startedAt = performance.now()
  const programs = [
    `throw new Error('${nasty}')\n`,
    answering(
      `(_, res) => { res.setHeader('content-type', 'application/json'); res.end(JSON.stringify({ says: '${nasty}' })) }`,
    ),
    `console.log('${nasty}')\nconsole.error('${nasty}')\nprocess.exit(1)\n`,
  ]
  let peakMb = 0
  for (const text of programs) {
    const result = await arena.grade({ 'server.js': text })
    peakMb = Math.max(peakMb, result.usage.peakMb)
    const report = formatVerdict('hello', result)
    const found = acting.exec(report)
    if (found !== null)
      return {
        outcome: 'LEAKED',
        detail: JSON.stringify(report),
        ms: performance.now() - startedAt,
        peakMb,
      }
  }
  return { outcome: 'CLEAN', detail: '', ms: performance.now() - startedAt, peakMb }
}
