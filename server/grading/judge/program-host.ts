import type { Program } from '../../../sandbox/isolate/env.ts'
import type { PortMessage } from '../../../sandbox/isolate/port.ts'
import { type GuestChannel, remoteMember } from '../../../sandbox/supervisor/remote-member.ts'
import type { World } from '../../../sandbox/world/world.ts'
import type { ProgramSpec } from './messages.ts'

const maxKeptOutput = 1_048_576

/** How one started program stands. */
export type ProgramState =
  | { kind: 'running'; ports: number[] }
  | { kind: 'exited'; exitCode: number }
  | { kind: 'crashed'; reason: 'memory' | 'output' | 'fault' }

/** A program as a member of its world. */
export const memberIdOf = (program: number) => `program-${program}`

/** One program the suite (or a preview) started: a machine of the guest process and what became of it. */
export interface HostedProgram {
  id: number
  host: string
  state: ProgramState
  stdout: string
  stderr: string
}

export interface ProgramHostEvents {
  onPrint(program: HostedProgram, stream: 'stdout' | 'stderr', text: string): void
  onState(program: HostedProgram): void
}

/**
 * Starts programs as members of a world. Program 0 takes the guest's warm isolate, later ones boot their own in the same
 * process.
 */
export function createProgramHost(
  world: World,
  channel: GuestChannel,
  { limits, packages }: ProgramSpec,
  events: ProgramHostEvents,
) {
  const { outputBytes } = limits
  const programs: HostedProgram[] = []
  let printedBytes = 0

  function start(program: Program): HostedProgram {
    const id = programs.length
    const hosted: HostedProgram = {
      id,
      host: id === 0 ? 'candidate.test' : `candidate-${id}.test`,
      state: { kind: 'running', ports: [] },
      stdout: '',
      stderr: '',
    }
    programs.push(hosted)
    const decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() }
    const member = remoteMember(channel, id, memberIdOf(id), [hosted.host])
    world.addMember({
      ...member,
      async step(request) {
        const reply = await member.step(request)
        for (const { stream, bytes } of reply.prints) {
          // A guest keeps this limit itself, unless it was taken over: then it is not handed on either.
          const room = Math.max(0, outputBytes - printedBytes)
          printedBytes += bytes.byteLength
          const text = decoders[stream].decode(bytes.subarray(0, room), { stream: true })
          if (hosted[stream].length < maxKeptOutput) hosted[stream] += text
          events.onPrint(hosted, stream, text)
        }
        for (const output of reply.outputs) noteListening(hosted, output)
        const { state } = reply
        if (printedBytes > outputBytes) set(hosted, { kind: 'crashed', reason: 'output' })
        else if (state.kind === 'exited') set(hosted, { kind: 'exited', exitCode: state.exitCode })
        else if (state.kind === 'crashed') set(hosted, { kind: 'crashed', reason: state.reason })
        return reply
      },
    })
    const launch: PortMessage = { kind: 'launch', program, packages, outputBytes }
    world.input(memberIdOf(id), launch)
    return hosted
  }

  function noteListening(hosted: HostedProgram, output: PortMessage): void {
    if (hosted.state.kind !== 'running') return
    if (output.kind === 'net-listen' && typeof output.port === 'number') {
      set(hosted, { kind: 'running', ports: [...hosted.state.ports, output.port] })
    }
  }

  function set(hosted: HostedProgram, state: ProgramState): void {
    if (hosted.state.kind !== 'running') return
    hosted.state = state
    events.onState(hosted)
  }

  return { start, programs }
}

export type ProgramHost = ReturnType<typeof createProgramHost>
