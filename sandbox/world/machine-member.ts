import type { Mount } from '../guest/door/mount.ts'
import type { Machine } from '../guest/machine.ts'
import type { MachineGroup } from '../guest/threads/machine-group.ts'
import type { Program } from '../isolate/env.ts'
import type { PortMessage } from '../isolate/port.ts'
import type { GuestState, Print } from '../protocol/step.ts'
import type { Member } from './member.ts'

/**
 * A machine of this process as a member of a world. Takes over its events: what it says belongs to the step that made it
 * say so. A `launch` input with a `program`, and perhaps `mounts`, starts it.
 */
export function machineMember(
  machine: Machine | MachineGroup,
  id: string,
  hostnames: string[],
): Member {
  let outputs: PortMessage[] = []
  let prints: Print[] = []
  machine.redirect({
    onOutput: (message) => outputs.push(message),
    onPrint: (stream, bytes) => prints.push({ stream, bytes }),
  })
  return {
    id,
    hostnames,
    async step({ nowMs, inputs, maxTurns }) {
      const state = stepMachine(machine, nowMs, inputs, maxTurns)
      const result = { outputs, prints, state }
      outputs = []
      prints = []
      return result
    },
    kill: () => machine.dispose(),
  }
}

/** An isolate that ran into its heap ceiling is disposed of by V8; everything else it throws is a fault of ours. */
function stepMachine(
  machine: Machine | MachineGroup,
  nowMs: number,
  inputs: PortMessage[],
  maxTurns: number,
): GuestState {
  try {
    machine.setClock(nowMs)
    for (const input of inputs) {
      if (input.kind === 'launch') {
        machine.launch(input.program as Program, (input.mounts as Mount[] | undefined) ?? [])
      } else if (!machine.hasExited) machine.deliver(input)
    }
    return machine.step(nowMs, maxTurns)
  } catch (error) {
    if (!machine.isolate.isDisposed) throw error
    return { kind: 'crashed', reason: 'memory', nowMs }
  }
}
