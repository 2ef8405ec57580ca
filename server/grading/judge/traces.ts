import type { PortMessage } from '../../../sandbox/isolate/port.ts'
import { type ProgramTrace, parseTrace } from '../../../sandbox/protocol/trace.ts'
import type { World } from '../../../sandbox/world/world.ts'
import { type HostedProgram, memberIdOf } from './program-host.ts'

/** Virtual milliseconds a guest may take to answer; one that speaks the protocol takes none. */
const patienceMs = 10_000

/**
 * Asks programs for what was recorded of them. Nothing is recorded unless a file of the suite speaks of a `trace`: a suite
 * that does not pays nothing for it.
 */
export function createTraces(world: World, suite: Record<string, string>) {
  const isOn = Object.values(suite).some((text) => /\btrace\b/.test(text))
  const waiting = new Map<number, { member: string; settle(trace: unknown): void }>()
  let nextId = 0

  return {
    isOn,
    /** @throws when the program has ended, is not traced, or its process answers nonsense */
    async ask(program: HostedProgram | undefined): Promise<ProgramTrace> {
      if (program?.state.kind !== 'running') throw new Error('trace: the program has ended')
      const member = memberIdOf(program.id)
      const id = nextId++
      const answer = await new Promise<unknown>((resolve) => {
        const stop = world.after(patienceMs, () => resolve(null))
        const settle = (trace: unknown) => {
          stop()
          resolve(trace)
        }
        waiting.set(id, { member, settle })
        world.input(member, { kind: 'trace', id })
      })
      waiting.delete(id)
      const trace = parseTrace(answer)
      if (trace === null) throw new Error('trace: the program ended, or nothing was recorded of it')
      return trace
    },
    onOutput(member: string, { kind, id, trace }: PortMessage): void {
      const asked = kind === 'trace' ? waiting.get(id as number) : undefined
      if (asked?.member === member) asked.settle(trace)
    },
    onState(program: HostedProgram): void {
      if (program.state.kind === 'running') return
      const member = memberIdOf(program.id)
      for (const asked of waiting.values()) if (asked.member === member) asked.settle(null)
    },
  }
}

export type Traces = ReturnType<typeof createTraces>
