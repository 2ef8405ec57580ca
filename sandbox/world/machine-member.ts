import type { Machine } from '../guest/machine.ts'
import type { Program } from '../isolate/env.ts'
import type { PortMessage } from '../isolate/port.ts'
import type { GuestState, Print } from '../protocol/step.ts'
import type { Member } from './member.ts'

/**
 * A machine of this process as a member of a world. Takes over its events: what it says belongs to the step that made it
 * say so. A `launch` input with a `program` starts it, as for a machine of another process.
 */
export function machineMember(machine: Machine, id: string, hostnames: string[]): Member {
  let outputs: PortMessage[] = []
  let prints: Print[] = []
  machine.redirect({
    onOutput: (message) => outputs.push(message),
    onPrint: (stream, bytes) => prints.push({ stream, bytes }),
  })
  return {
    id,
    hostnames,
    step({ nowMs, inputs, maxTurns }) {
      machine.setClock(nowMs)
      for (const input of inputs) {
        if (input.kind === 'launch') machine.launch(input.program as Program)
        else if (!machine.hasExited) machine.deliver(input)
      }
      const state: GuestState = machine.step(nowMs, maxTurns)
      const result = {
        outputs,
        prints,
        state: machine.isolate.isDisposed
          ? ({ kind: 'crashed', reason: 'memory', nowMs } as const)
          : state,
      }
      outputs = []
      prints = []
      return Promise.resolve(result)
    },
    kill: () => machine.dispose(),
  }
}
