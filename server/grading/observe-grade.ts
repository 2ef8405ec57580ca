import type { CaseResult, GradeResult } from '../../contract/verdict.ts'
import type { Cell, ProcessEnd } from './cell.ts'
import { EngineFailure } from './engine.ts'
import type { JudgedCase, JudgeEnd, JudgeMessage, ProgramSpec } from './judge/messages.ts'
import { limitOfDeath } from './limit-of-death.ts'
import type { LimitName } from './verdict-sentences.ts'
import { watch } from './watchdog.ts'

/** What one run on one cell came to, before the verdict. */
export interface GradeObservation {
  cases: CaseResult[]
  console: GradeResult['console']
  bootError: string | null
  limit: LimitName | null
  usage: GradeResult['usage']
}

interface GradeOrder {
  program: ProgramSpec
  suite: Record<string, string>
  seed: number
}

/** How long a judge may take to report after its guest was killed. */
const reportGraceMs = 2000
const maxConsoleLength = 65_536
const maxCaseLogLength = 8192

/**
 * Runs one suite against one program on `cell` and collects what is seen.
 * @throws {EngineFailure} when our own machinery failed (a judge died, a guest was killed by nobody we know, a suite does
 *   not load): the run is retried and never scored
 */
export function observeGrade(cell: Cell, order: GradeOrder): Promise<GradeObservation> {
  const { limits } = order.program
  const startedAt = performance.now()
  const usageAtStart = cell.guestUsage()
  const log = createLog()
  let peakMb = 0
  let cpuMs = 0
  let cases: JudgedCase[] | null = null
  const results = new Map<string, CaseResult>()
  let bootError: string | null = null
  let limit: LimitName | null = null
  let guestEnd: ProcessEnd | null = null

  // A process that has ended has no figures any more: the newest that were seen count.
  const look = () => {
    const usage = cell.guestUsage()
    if (usage === null) return
    peakMb = Math.max(peakMb, usage.residentMb)
    cpuMs = Math.max(cpuMs, usage.cpuMs - (usageAtStart?.cpuMs ?? 0))
  }
  const sample = setInterval(look, 10)

  return new Promise<GradeObservation>((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined
    const watchdog = watch(cell, limits, (tripped) => {
      limit = tripped
      look()
      cell.killGuest()
      grace = setTimeout(() => finish(), reportGraceMs)
    })

    const settle = (act: () => void) => {
      watchdog.stop()
      clearInterval(sample)
      clearTimeout(grace)
      act()
    }
    const fail = (message: string) => settle(() => reject(new EngineFailure(message)))
    const finish = () =>
      settle(() => {
        look()
        resolve({
          cases: closeCases(cases ?? [], results, limit, log.taken()),
          console: log.console(),
          bootError,
          limit,
          usage: {
            wallClockMs: Math.round(performance.now() - startedAt),
            cpuMs,
            peakMb: Math.round(peakMb),
            outputBytes: log.bytes(),
          },
        })
      })

    const onEnd = (end: JudgeEnd) => {
      switch (end.kind) {
        case 'suite-done':
          return finish()
        case 'limit':
          limit ??= end.limit
          return finish()
        case 'suite-fault':
          return fail(`the suite is at fault: ${end.message}`)
        case 'guest-lost':
          return onGuestLost()
      }
    }

    const onGuestLost = () => {
      if (limit !== null) return finish()
      if (guestEnd === null) {
        grace ??= setTimeout(() => fail('the guest stopped answering'), reportGraceMs)
        return undefined
      }
      limit = limitOfDeath(guestEnd)
      if (limit === null)
        return fail(`the guest died (${guestEnd.signal ?? guestEnd.code}): ${guestEnd.faultText}`)
      return finish()
    }

    cell.end.then((end) => {
      if (end.who === 'judge')
        return fail(`the judge died (${end.signal ?? end.code}): ${end.faultText}`)
      guestEnd = end
      if (cell.isDead) return fail('the engine was closed')
      if (grace !== undefined && limit === null) onGuestLost()
      else grace ??= setTimeout(onGuestLost, reportGraceMs)
      return undefined
    })

    cell.onMessage((message: JudgeMessage) => {
      switch (message.op) {
        case 'cases':
          cases = message.cases
          break
        case 'case-start':
          log.taken()
          break
        case 'case':
          results.set(message.result.id, {
            ...message.result,
            exchanges: message.result.exchanges ?? [],
            log: log.taken(),
          })
          break
        case 'print':
          log.add(message.stream, message.text)
          break
        case 'boot-failed':
          bootError ??= message.text
          break
        case 'end':
          onEnd(message.end)
          break
        default:
          break
      }
    })

    cell.send({ op: 'grade', program: order.program, suite: order.suite, seed: order.seed })
  })
}

/** Results in suite order. The case that was running when a limit tripped timed out; later ones never ran. */
function closeCases(
  cases: JudgedCase[],
  results: Map<string, CaseResult>,
  limit: LimitName | null,
  openLog: string,
): CaseResult[] {
  let isOpenFound = false
  return cases.map((known) => {
    const result = results.get(known.id)
    if (result !== undefined) return result
    const isRunning = limit !== null && !isOpenFound
    isOpenFound = true
    return {
      ...known,
      exchanges: [],
      status: isRunning ? 'timed-out' : 'not-run',
      log: isRunning ? openLog : '',
    }
  })
}

/** Console text in order, bounded, and the part of it since it was last taken. */
function createLog() {
  const entries: GradeResult['console'] = []
  let length = 0
  let bytes = 0
  let since = ''
  return {
    add(stream: 'stdout' | 'stderr', text: string) {
      bytes += Buffer.byteLength(text)
      if (since.length < maxCaseLogLength) since += text.slice(0, maxCaseLogLength - since.length)
      const room = maxConsoleLength - length
      if (room <= 0) return
      const kept = text.slice(0, room)
      length += kept.length
      const last = entries.at(-1)
      if (last?.stream === stream) last.text += kept
      else entries.push({ stream, text: kept })
    },
    taken() {
      const taken = since
      since = ''
      return taken
    },
    console: () => entries,
    bytes: () => bytes,
  }
}
