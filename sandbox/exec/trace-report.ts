import type {
  PhaseName,
  ProgramTrace,
  TracedLayer,
  TracedPhase,
  TracedRequest,
} from '../protocol/trace.ts'

const shownRows = 20

/** A program's trace for a person to read. */
export function traceReport(trace: ProgramTrace): string {
  return [
    '── trace ──',
    ...phaseLines(trace.phases),
    ...turnLines(trace),
    ...callbackLines(trace),
    ...requestLines(trace.requests),
    ...aliveLines(trace),
    ...rejectionLines(trace),
    '',
  ].join('\n')
}

function phaseLines(phases: TracedPhase[]): string[] {
  const rows = new Map<PhaseName, { turns: number; firstAt: number; lastAt: number }>()
  for (const { name, at, turns } of phases) {
    const row = rows.get(name) ?? { turns: 0, firstAt: at, lastAt: at }
    rows.set(name, { ...row, turns: row.turns + turns, lastAt: at })
  }
  const startedAt = phases[0]?.at ?? 0
  const since = (at: number) => `${at - startedAt} ms`
  return table(
    'phases of the event loop',
    ['phase', 'turns', 'first', 'last'],
    [...rows].map(([name, row]) => [
      name,
      String(row.turns),
      since(row.firstAt),
      since(row.lastAt),
    ]),
  )
}

function turnLines({ longestTurn: turn }: ProgramTrace): string[] {
  if (turn === null) return []
  const cause = [
    turn.kind,
    turn.origin !== null && `set at ${turn.origin}`,
    turn.request !== null && `for ${shown(turn.request)}`,
  ].filter((part) => typeof part === 'string')
  const why = cause.length === 0 ? '' : `: ${cause.join(', ')}`
  return ['', `longest turn: ${milliseconds(turn.ms)} of processor time, in ${turn.name}${why}`]
}

function callbackLines({ callbacks }: ProgramTrace): string[] {
  const sorted = [...callbacks].sort((a, b) => b.totalMs - a.totalMs)
  return table(
    'callbacks',
    ['kind', 'calls', 'total', 'longest', 'wait', 'set at'],
    sorted.map(({ kind, calls, totalMs, longestMs, longestWaitMs, origin }) => [
      kind,
      String(calls),
      milliseconds(totalMs),
      milliseconds(longestMs),
      longestWaitMs === null ? '-' : milliseconds(longestWaitMs),
      origin ?? '-',
    ]),
  )
}

function requestLines(requests: TracedRequest[]): string[] {
  if (requests.length === 0) return []
  const lines = requests
    .slice(-shownRows)
    .flatMap(({ method, path, status, layers }) => [
      `  ${shown(method)} ${shown(path)} → ${status ?? 'not finished'}`,
      ...layers.map((layer) => `    ${layerText(layer)}`),
    ])
  return ['', 'requests', ...more(requests.length), ...lines]
}

function layerText(layer: TracedLayer): string {
  const { name, method, path, headersSent, left, erred, ended } = layer
  const events: [at: number | null, text: string][] = [
    [left, 'next()'],
    [erred, 'error'],
    [ended, 'ended the response'],
  ]
  const what = events
    .filter(([at]) => at !== null)
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, text]) => text)
  return [
    `${shown(name)} (${method === undefined ? '' : `${shown(method)} `}${shown(path)}):`,
    what.length === 0 ? 'still open' : what.join(', then '),
    headersSent ? '- headers were sent already' : '',
  ]
    .join(' ')
    .trimEnd()
}

function aliveLines({ alive, aliveCount }: ProgramTrace): string[] {
  if (aliveCount === 0) return ['', 'nothing was left alive']
  return table(
    'alive at the end',
    ['kind', 'keeps alive', 'delay', 'address', 'set at'],
    alive.map(({ kind, isRefed, delayMs, address, origin }) => [
      kind,
      isRefed ? 'yes' : 'no',
      delayMs === null ? '-' : `${delayMs} ms`,
      address ?? '-',
      origin ?? '-',
    ]),
    aliveCount,
  )
}

function rejectionLines({ phases, rejections }: ProgramTrace): string[] {
  const startedAt = phases[0]?.at ?? 0
  return table(
    'unhandled rejections',
    ['after', 'reason', 'made at'],
    rejections.map(({ at, reason, origin }) => [`${at - startedAt} ms`, reason, origin ?? '-']),
  )
}

function table(title: string, head: string[], rows: string[][], count = rows.length): string[] {
  if (rows.length === 0) return []
  const cells = [head, ...rows.slice(0, shownRows).map((row) => row.map(shown))]
  const widths = head.map((_, at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)))
  const lines = cells.map((row) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd(),
  )
  return ['', title, ...lines, ...more(count)]
}

const more = (count: number) =>
  count > shownRows ? [`  (${shownRows} of ${count} are shown)`] : []

const milliseconds = (ms: number) => `${ms.toFixed(1)} ms`

/** The program's words on one line, and nothing in them that a terminal obeys. */
const shown = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
