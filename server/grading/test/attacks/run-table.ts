import type { Arena } from './arena.ts'
import { type Attack, outcomesOf, type Seen } from './attack.ts'
import { type BatchEntry, playBatch, playRun } from './measure.ts'

/** As many runs at once as the smallest machine has cores. */
const lanes = 2
const batchSize = 12

/** What became of one attack. */
export interface Row {
  attack: Attack
  /** By the title of each trial. */
  seen: Map<string, Seen>
  /** The first that is not as expected, or the first of all. */
  outcome: string
  isAsExpected: boolean
  /** Whoever was judged beside it was judged as ever, and the api answered. */
  areOthersWell: boolean
}

interface Job {
  entries: { attack: Attack; title: string }[]
  play(): Promise<Seen[]>
}

/** Carries out all attacks of a table, two runs at a time; answers a promise of each row at once. */
export function runTable(arena: Arena, table: readonly Attack[]): Map<string, Promise<Row>> {
  const outcomes = new Map<string, PromiseWithResolvers<Seen>>()
  const key = (attack: Attack, title: string) => `${attack.id} ${title}`
  for (const attack of table)
    for (const title of Object.keys(attack.trials))
      outcomes.set(key(attack, title), Promise.withResolvers<Seen>())

  const queue = jobsOf(arena, table)
  const work = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const { entries, play } = job
      try {
        const seen = await play()
        entries.forEach(({ attack, title }, i) => {
          outcomes.get(key(attack, title))?.resolve(seen[i] as Seen)
        })
      } catch (error) {
        for (const { attack, title } of entries) outcomes.get(key(attack, title))?.reject(error)
      }
    }
  }
  for (let lane = 0; lane < lanes; lane++) void work()

  return new Map(
    table.map((attack) => {
      const row = rowOf(
        arena,
        attack,
        (title) => (outcomes.get(key(attack, title)) as PromiseWithResolvers<Seen>).promise,
      )
      row.catch(() => {})
      return [attack.id, row]
    }),
  )
}

function jobsOf(arena: Arena, table: readonly Attack[]): Job[] {
  const batches = { plain: [] as BatchEntry[], traced: [] as BatchEntry[] }
  const alone: Job[] = []
  for (const attack of table) {
    for (const [title, trial] of Object.entries(attack.trials)) {
      const entries = [{ attack, title }]
      if (trial.kind === 'run')
        alone.push({ entries, play: async () => [await playRun(arena, attack, trial)] })
      else if (trial.kind === 'scene')
        alone.push({ entries, play: async () => [await trial.play(arena)] })
      else {
        const isTraced = trial.kind === 'case' && trial.isTraced === true
        batches[isTraced ? 'traced' : 'plain'].push({ attack, title, trial })
      }
    }
  }
  const batched: Job[] = []
  for (const entries of Object.values(batches)) {
    for (let at = 0; at < entries.length; at += batchSize) {
      const part = entries.slice(at, at + batchSize)
      batched.push({ entries: part, play: () => playBatch(arena, part) })
    }
  }
  return [...batched, ...alone]
}

async function rowOf(
  arena: Arena,
  attack: Attack,
  seenOf: (title: string) => Promise<Seen>,
): Promise<Row> {
  const seen = new Map<string, Seen>()
  await Promise.all(
    Object.keys(attack.trials).map(async (title) => {
      seen.set(title, await seenOf(title))
    }),
  )
  const [siblingIsWell, apiIsWell] = await Promise.all([arena.siblingIsWell(), arena.apiIsWell()])
  const expected = outcomesOf(attack) as readonly string[]
  const all = [...seen.values()]
  const outcome =
    all.find((each) => !expected.includes(each.outcome))?.outcome ?? all[0]?.outcome ?? 'UNSEEN'
  return {
    attack,
    seen,
    outcome,
    isAsExpected: expected.includes(outcome),
    areOthersWell: siblingIsWell && apiIsWell && arena.bait.connections() === 0,
  }
}
