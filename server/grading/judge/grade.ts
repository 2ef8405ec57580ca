import { randomBytes } from 'node:crypto'
import type { Machine } from '../../../sandbox/guest/machine.ts'
import type { PortMessage } from '../../../sandbox/isolate/port.ts'
import { type GuestChannel, GuestLost } from '../../../sandbox/supervisor/remote-member.ts'
import { machineMember } from '../../../sandbox/world/machine-member.ts'
import { World } from '../../../sandbox/world/world.ts'
import { createControls } from './controls.ts'
import type { JudgedCase, JudgeEnd, JudgeMessage, WorkerMessage } from './messages.ts'
import { createProgramHost, type HostedProgram } from './program-host.ts'
import { createTraces } from './traces.ts'

interface GradeOptions {
  machine: Machine
  guest: GuestChannel
  job: Extract<WorkerMessage, { op: 'grade' }>
  send(message: JudgeMessage): void
}

const judgeId = 'judge'
/** Later than any rehearsal ends, so that a run begins at one time whether its judge has rehearsed or not. */
const startMs = 1000

/** Runs one suite in a world of its own: the judge's isolate, the candidate's programs, a virtual clock and network. */
export async function runGrade({ machine, guest, job, send }: GradeOptions): Promise<void> {
  const { limits } = job.program
  const world = new World({
    mode: 'virtual',
    seed: job.seed,
    startMs,
    limits: { steps: limits.steps, virtualHorizonMs: limits.virtualHorizonMs },
  })
  world.addMember(machineMember(machine, judgeId, ['judge.test']))
  const nonce = randomBytes(16).toString('hex')
  let end: JudgeEnd | null = null
  const finish = (how: JudgeEnd) => {
    end ??= how
  }

  const host = createProgramHost(world, guest, job.program, {
    onPrint(program, stream, text) {
      const shown = withoutAnswers(text, nonce)
      if (shown !== '') send({ op: 'print', stream, text: shown })
      world.input(judgeId, { kind: 'print', program: program.id, stream, text })
    },
    onState(program) {
      const { state } = program
      if (state.kind === 'crashed') {
        if (state.reason === 'fault') finish({ kind: 'guest-lost' })
        else
          finish({ kind: 'limit', limit: state.reason === 'memory' ? 'memoryMb' : 'outputBytes' })
      }
      if (state.kind === 'exited') {
        world.input(judgeId, {
          kind: 'program-exit',
          program: program.id,
          code: state.exitCode,
          signal: null,
        })
      }
      controls.onProgramState(program)
    },
  })
  const traces = createTraces(world, job.suite)
  const controls = createControls({
    world,
    host,
    spec: job.program,
    seed: job.seed,
    judgeId,
    nonce,
    traces,
    onBootFailed: (program: HostedProgram) =>
      send({ op: 'boot-failed', text: program.stderr.slice(0, 4000) }),
  })

  world.onLog((entry) => world.input(judgeId, { kind: 'net-log', entry }))
  world.onOutput((memberId, message) => {
    if (memberId === judgeId) onJudgeOutput(message)
    else traces.onOutput(memberId, message)
  })

  function onJudgeOutput(message: PortMessage): void {
    switch (message.kind) {
      case 'control':
        controls.handle(message)
        break
      case 'cases':
        send({ op: 'cases', cases: message.cases as JudgedCase[] })
        break
      case 'case-start':
        send({ op: 'case-start' })
        break
      case 'case':
        send({ op: 'case', result: message.result as JudgedCase })
        break
      case 'suite-error':
        finish({ kind: 'suite-fault', message: String(message.message) })
        break
      case 'suite-done':
        finish({ kind: 'suite-done' })
        break
      default:
        break
    }
  }

  world.input(judgeId, {
    kind: 'suite',
    files: job.suite,
    seed: job.seed,
    candidateFiles: job.program.files,
  })
  try {
    const reason = await world.run({ until: () => end !== null })
    if (end === null) finish(endOf(reason))
  } catch (error) {
    if (!(error instanceof GuestLost)) throw error
    finish({ kind: 'guest-lost' })
  }
  send({ op: 'end', end: end as unknown as JudgeEnd })
}

/** A world that stopped by itself before the suite was done: a limit tripped, or the suite waits for what cannot come. */
function endOf(reason: { kind: string; limit?: string }): JudgeEnd {
  // Only a taken-over guest breaks the network protocol.
  if (reason.kind === 'fault') return { kind: 'guest-lost' }
  if (
    reason.kind === 'limit' &&
    (reason.limit === 'steps' || reason.limit === 'virtualHorizonMs')
  ) {
    return { kind: 'limit', limit: reason.limit }
  }
  return {
    kind: 'suite-fault',
    message: `the world stopped (${reason.kind}) before the suite was done`,
  }
}

/** A probe's answer travels on its output, marked; it is ours, so it is no part of what the program printed. */
function withoutAnswers(text: string, nonce: string): string {
  if (!text.includes(nonce)) return text
  return text.replace(new RegExp(`\\n?${nonce}[^\\n]*\\n?`, 'g'), '')
}
