import { describe, expect, test } from 'vitest'
import type { CandidateServerMessage } from '../contract/live.ts'
import { makeResult } from './testing/fake-engine.ts'
import { openTab } from './testing/live-client.ts'
import { canary } from './testing/make-pack.ts'
import { buildTestApp } from './testing/test-app.ts'

/**
 * The promise: nothing of the secret side of a challenge ever reaches a candidate. Canaries stand in every secret file
 * and in everything a hidden suite could say; this walks the whole candidate story and looks for them in every byte.
 */
describe('the candidate scope', () => {
  test('never says anything of the secret side, from the first request to after the verdict', async () => {
    const t = await buildTestApp()
    t.engine.onGrade = (job) => {
      const [hiddenCase] = makeResult().cases
      if (job.kind === 'sample' || !hiddenCase) return makeResult()
      return makeResult({
        verdict: 'rejected',
        sentence: `${canary} sentence`,
        cases: [
          {
            ...hiddenCase,
            id: canary,
            title: canary,
            log: canary,
            failure: { message: canary, stack: canary },
          },
        ],
        bootError: canary,
        console: [{ stream: 'stdout', text: canary }],
      })
    }
    const said: string[] = []
    const { token } = await t.makeInvitation()
    const browser = t.browser()
    const record = async (answer: ReturnType<typeof browser.get>) => {
      const response = await answer
      said.push(JSON.stringify(response.headers), response.body)
      return response
    }
    const tabs: { arrived: CandidateServerMessage[] }[] = []
    const listen = async () => {
      const tab = await openTab(t.app, browser.cookieHeader)
      tab.socket.on('message', (data) => said.push(String(data)))
      tabs.push(tab.inbox)
      return tab
    }

    const home = (await record(browser.post('/candidate/enter', { token }))).json()
    const [first] = home.items
    await record(browser.get(`/candidate/items/${first.id}`))
    const { consentVersion } = home.assessment
    await record(browser.post('/candidate/start', { consentVersion }))
    await record(browser.post('/candidate/start', { consentVersion }))
    const tab = await listen()
    for (const { id } of home.items) {
      await record(browser.get(`/candidate/items/${id}`))
      await record(browser.post(`/candidate/items/${id}/runs`, { kind: 'sample' }))
      await record(browser.post(`/candidate/items/${id}/runs`, { kind: 'try' }))
      await record(
        browser.post(`/candidate/items/${id}/http`, {
          method: 'GET',
          path: '/',
          headers: [],
          body: '',
        }),
      )
      const workspace = await tab.join(id)
      said.push(JSON.stringify(workspace.files))
      await t.settle()
      await record(browser.get(`/candidate/items/${id}/runs`))
      await record(browser.delete(`/candidate/items/${id}/runs/current`))
    }
    await record(browser.post('/candidate/submit', { confirm: true }))
    await t.settle()
    await listen()
    await record(browser.get('/candidate/home'))
    await record(browser.post('/candidate/enter', { token }))
    for (const { id } of home.items) {
      await record(browser.get(`/candidate/items/${id}`))
      await record(browser.get(`/candidate/items/${id}/runs`))
      await record(browser.post(`/candidate/items/${id}/runs`, { kind: 'sample' }))
    }

    const staff = await t.staff()
    const [attempt] = (await staff.get('/staff/attempts')).json()
    const detail = await staff.get(`/staff/attempts/${attempt.id}`)
    // Staff see it all, so the canaries were really there to be leaked.
    expect(detail.body).toContain(canary)
    const gradeRun = detail
      .json()
      .items[0].runs.find((run: { kind: string }) => run.kind === 'grade')
    for (const path of [
      '/staff/attempts',
      `/staff/attempts/${attempt.id}`,
      `/staff/attempts/${attempt.id}/items/${first.id}/files`,
      `/staff/runs/${gradeRun.id}`,
      '/staff/assessments',
    ]) {
      expect((await record(browser.get(path))).statusCode).toBe(401)
    }
    expect(said.length).toBeGreaterThan(40)
    expect(said.filter((text) => text.includes(canary))).toEqual([])
    expect(said.filter((text) => text.includes(gradeRun.id))).toEqual([])
    expect(said.filter((text) => text.includes('fixtures/data.json'))).toEqual([])
  })
})
