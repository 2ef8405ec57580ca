import { eq } from 'drizzle-orm'
import * as Y from 'yjs'
import { filesMapName } from '../../../../contract/live.ts'
import { runs, verdicts } from '../../../infra/schema/runs.ts'
import { consentVersion } from '../../../modules/attempts/welcome.ts'
import { createRealBrowser } from '../../../testing/real-browser.ts'
import { eventually } from '../processes.ts'
import type { Arena } from './arena.ts'
import type { Seen } from './attack.ts'
import { answering } from './programs.ts'

/** A candidate of the arena's server who has begun and typed this as `server.js`. */
async function candidateWith({ server }: Arena, text: string) {
  const { services } = server.app
  const [assessment] = await services.assessments.list()
  const { token, attemptId } = await services.invitations.create('system', {
    assessmentId: assessment?.id ?? '',
    candidateName: 'Ada',
    candidateEmail: 'ada@example.org',
  })
  const browser = createRealBrowser(server.origin)
  await browser.post('/candidate/enter', { token })
  const home = await browser.post('/candidate/start', { consentVersion })
  const itemId: string = home.items[0].id
  const item = await services.database.read((db) => services.attempts.selectItem(db, itemId))
  const doc = new Y.Doc()
  const joined = await services.workspaces.join(item, Y.encodeStateVector(doc))
  Y.applyUpdate(doc, joined.update)
  const before = Y.encodeStateVector(doc)
  const file = doc.getMap<Y.Text>(filesMapName).get('server.js')
  file?.delete(0, file.length)
  file?.insert(0, text)
  await services.workspaces.apply(item, Y.encodeStateAsUpdate(doc, before))
  await services.workspaces.leave(item.id)
  const graded = () =>
    eventually(async () => {
      const { attempt } = await services.database.read((db) =>
        services.attempts.selectAttempt(db, attemptId),
      )
      return attempt.state === 'graded' ? true : undefined
    })
  const stored = () =>
    services.database.read((db) =>
      db
        .select()
        .from(runs)
        .innerJoin(verdicts, eq(verdicts.runId, runs.id))
        .where(eq(runs.itemId, itemId)),
    )
  const get = async (path: string) => {
    const response = await fetch(`${server.origin}/api${path}`, {
      headers: { cookie: browser.cookie },
    })
    return response.text()
  }
  return { browser, itemId, graded, stored, get }
}

/** E18: a program that hands on whatever it is asked, in every way it has; its author asks the api for it. */
export async function playRedaction(arena: Arena): Promise<Seen> {
  const startedAt = performance.now()
  const echo = answering(
    "(req, res) => { const all = 'input ' + req.method + req.url; console.log(all); console.error(all); process.title = all; res.setHeader('x-input', all); res.statusCode = 200; res.end(all); if (req.url === '/elsewhere') throw new Error(all) }",
  )
  const candidate = await candidateWith(arena, echo)
  await candidate.browser.post('/candidate/submit', { confirm: true })
  await candidate.graded()
  const said: string[] = []
  for (const path of [
    '/candidate/home',
    `/candidate/items/${candidate.itemId}`,
    `/candidate/items/${candidate.itemId}/runs`,
  ])
    said.push(await candidate.get(path))
  const [found] = await candidate.stored()
  const wasSeen = JSON.stringify(found?.verdicts.result ?? '').includes('input GET/names/ada')
  const leaked = /input (?:GET|POST)/.exec(said.join('\n'))?.[0]
  const seen = (outcome: Seen['outcome'], detail = ''): Seen => ({
    outcome,
    detail,
    ms: performance.now() - startedAt,
    peakMb: 0,
  })
  if (!wasSeen) return seen('UNSEEN', 'the program was not asked')
  return leaked === undefined ? seen('DENIED') : seen('LEAKED', leaked)
}

/** E20: whatever is pressed at once and again, an attempt is graded once. */
export async function playRaces(arena: Arena): Promise<Seen> {
  const startedAt = performance.now()
  const candidate = await candidateWith(arena, answering('() => {}'))
  const { browser, itemId } = candidate
  const submit = () => browser.post('/candidate/submit', { confirm: true }).catch(() => undefined)
  const sample = () =>
    browser.post(`/candidate/items/${itemId}/runs`, { kind: 'sample' }).catch(() => undefined)
  const cancel = () =>
    fetch(`${arena.server.origin}/api/candidate/items/${itemId}/runs/current`, {
      method: 'DELETE',
      headers: { cookie: browser.cookie, origin: arena.server.origin },
    }).catch(() => undefined)
  await Promise.all([sample(), submit(), submit(), cancel(), submit(), sample(), cancel()])
  await Promise.all([submit(), cancel(), submit()])
  await candidate.graded()
  await Promise.all([submit(), sample(), cancel()])
  const found = (await candidate.stored()).filter((each) => each.runs.kind === 'grade')
  const seen = (outcome: Seen['outcome'], detail = ''): Seen => ({
    outcome,
    detail,
    ms: performance.now() - startedAt,
    peakMb: 0,
  })
  if (found.length !== 1) return seen('FORGED', `${found.length} verdicts`)
  const earned = found[0]?.verdicts.result?.score.earned
  return earned === 0 ? seen('SAME') : seen('FORGED', `${earned} points`)
}
