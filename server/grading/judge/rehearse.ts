import type { Machine } from '../../../sandbox/guest/machine.ts'
import { machineMember } from '../../../sandbox/world/machine-member.ts'
import { World } from '../../../sandbox/world/world.ts'

const judgeId = 'judge'
/** More than the rehearsal takes; it has no timers, so time never moves far. */
const limits = { steps: 10_000, virtualHorizonMs: 1000 }

/**
 * Lets a warm judge play its rehearsal suite in a world of its own, which then ends. What it leaves behind is compiled
 * code: half of a first run's time is V8 meeting the runner, supertest and Node's http for the first time.
 * @throws when the rehearsal did not end: a judge that cannot do that cannot judge
 */
export async function rehearse(machine: Machine): Promise<void> {
  const world = new World({ mode: 'virtual', seed: 1, limits })
  world.addMember(machineMember(machine, judgeId, ['judge.test']))
  let outcome: string | undefined
  world.onOutput((_id, { kind, message }) => {
    if (kind === 'rehearsed') outcome = kind
    else if (kind === 'suite-error') outcome = String(message)
  })
  world.input(judgeId, { kind: 'rehearse' })
  const end = await world.run({ until: () => outcome !== undefined })
  if (outcome !== 'rehearsed') {
    throw new Error(`the judge's rehearsal ended: ${outcome ?? JSON.stringify(end)}`)
  }
}
