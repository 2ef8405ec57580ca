import { constants } from 'node:os'
import type { PortMessage } from '../../../sandbox/isolate/port.ts'
import type { World } from '../../../sandbox/world/world.ts'
import type { ProgramSpec } from './messages.ts'
import { evaluateProbe, type LaunchOptions, programOf, serveExportedApp } from './program.ts'
import type { HostedProgram, ProgramHost } from './program-host.ts'
import type { Traces } from './traces.ts'

/** Virtual milliseconds a program may take to listen, and a started file to end. */
const bootPatienceMs = 10_000
const harnessFile = '.assay-serve.mjs'
const probeFile = '.assay-probe.mjs'

interface ControlsOptions {
  world: World
  host: ProgramHost
  spec: ProgramSpec
  seed: number
  judgeId: string
  /** Marks a probe's answer; fresh per run. */
  nonce: string
  traces: Traces
  onBootFailed(program: HostedProgram): void
}

interface StartArguments {
  env?: Record<string, string>
  files?: Record<string, string>
  args?: string[]
}

/** What the kit in the judge's isolate asks of the world's host, by name. Every answer goes back as one input. */
export function createControls(options: ControlsOptions) {
  const { world, host, spec, seed, judgeId, nonce, traces, onBootFailed } = options
  const watchers = new Map<number, (program: HostedProgram) => void>()

  const launch = (launchOptions: Omit<LaunchOptions, 'seed'>) =>
    host.start(programOf(spec, { ...launchOptions, seed }))

  /** Resolves when `isSettled` holds for the program, or after `patienceMs` of virtual time. */
  function settled(
    program: HostedProgram,
    isSettled: () => boolean,
    patienceMs: number,
  ): Promise<boolean> {
    if (isSettled()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const stop = world.after(patienceMs, () => {
        watchers.delete(program.id)
        resolve(isSettled())
      })
      watchers.set(program.id, () => {
        if (!isSettled()) return
        watchers.delete(program.id)
        stop()
        resolve(true)
      })
    })
  }

  const isListening = (program: HostedProgram) =>
    program.state.kind === 'running' && program.state.ports.length > 0
  const hasEnded = (program: HostedProgram) => program.state.kind !== 'running'

  async function start({ env, files, args }: StartArguments) {
    const common = { ...(env && { env }), ...(args && { args }), isTraced: traces.isOn }
    let program = launch({ ...common, ...(files && { files }) })
    await settled(program, () => isListening(program) || hasEnded(program), bootPatienceMs)
    const hasEndedWell = program.state.kind === 'exited' && program.state.exitCode === 0
    if (!isListening(program) && hasEndedWell) {
      const harness = { ...files, [harnessFile]: serveExportedApp(spec.entry) }
      const next = launch({ ...common, files: harness, file: harnessFile })
      await settled(next, () => isListening(next) || hasEnded(next), bootPatienceMs)
      program = next
    }
    if (!isListening(program) || program.state.kind !== 'running') {
      onBootFailed(program)
      throw namedError('BootError', bootFailure(program))
    }
    return { program: program.id, host: program.host, port: program.state.ports[0] }
  }

  async function run({
    file,
    args,
    env,
    files,
    stdin,
  }: StartArguments & { file: string; stdin?: string }) {
    const program = launch({
      file,
      ...(args && { args }),
      ...(env && { env }),
      ...(files && { files }),
      ...(stdin !== undefined && { stdin }),
    })
    await settled(program, () => hasEnded(program), bootPatienceMs * 6)
    const { state, stdout, stderr } = program
    return { stdout, stderr, code: state.kind === 'exited' ? state.exitCode : null }
  }

  async function evaluate({ source, args }: { source: string; args: unknown[] }) {
    const program = launch({
      file: probeFile,
      files: { [probeFile]: evaluateProbe(source, args, nonce) },
    })
    await settled(program, () => hasEnded(program), bootPatienceMs * 6)
    const line = program.stdout.split('\n').findLast((text) => text.startsWith(nonce))
    if (line === undefined) {
      throw namedError(
        'ProbeError',
        `the probe gave no answer: ${program.stderr.trim().split('\n').slice(0, 12).join('\n')}`,
      )
    }
    return (JSON.parse(line.slice(nonce.length)) as { answer: unknown }).answer
  }

  const operations: Record<string, (args: never) => unknown> = {
    start,
    run,
    evaluate,
    signal({ program, name }: { program: number; name: keyof typeof constants.signals }) {
      const signal = constants.signals[name]
      if (signal === undefined)
        throw namedError('TypeError', `expected a signal name, got ${String(name)}`)
      world.input(`program-${program}`, { kind: 'signal', signal })
    },
    name: ({ host: hostname }: { host: string }) => world.addHostname(judgeId, hostname),
    fail: ({ host: hostname, mode }: { host: string; mode: string }) => world.fail(hostname, mode),
    delay: ({ host: hostname, ms }: { host: string; ms: number }) => world.delay(hostname, ms),
    log: () => world.log(),
    trace: ({ program }: { program: number }) => traces.ask(host.programs[program]),
  }

  return {
    /** Answers one `control` output of the judge. */
    handle(message: PortMessage): void {
      const operation = operations[String(message.op)]
      const answer = async () => {
        if (operation === undefined)
          throw namedError('TypeError', `unknown control ${String(message.op)}`)
        return operation(message.args as never)
      }
      answer().then(
        (value) =>
          world.input(judgeId, { kind: 'control-result', id: message.id, value: value ?? null }),
        (error: Error) =>
          world.input(judgeId, {
            kind: 'control-result',
            id: message.id,
            error: { name: error.name, message: error.message },
          }),
      )
    },
    onProgramState(program: HostedProgram): void {
      watchers.get(program.id)?.(program)
      traces.onState(program)
    },
  }
}

function bootFailure({ state, stderr }: HostedProgram): string {
  const output = stderr.trim().split('\n').slice(0, 12).join('\n')
  switch (state.kind) {
    case 'running':
      return 'the program did not listen on process.env.PORT'
    case 'exited':
      return `the program exited with code ${state.exitCode} before it listened${output === '' ? '' : `:\n${output}`}`
    case 'crashed':
      return `the program was stopped before it listened (${state.reason})`
  }
}

function namedError(name: string, message: string): Error {
  const error = new Error(message)
  error.name = name
  return error
}
