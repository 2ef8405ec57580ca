import { describe, expect, test } from 'vitest'
import { createLog } from '../infra/log.ts'
import { invitationLifeMs } from '../modules/invitations/policy.ts'
import { buildTestApp } from '../testing/test-app.ts'
import { seedDatabase } from './seed.ts'

/** A seeded server whose demo link has been opened, and another start of it. */
const setup = async () => {
  const t = await buildTestApp({ config: { hasDemo: true } })
  const start = () =>
    seedDatabase({ services: t.services, config: t.config, log: createLog(t.config) })
  const { candidateToken: token } = await start()
  const browser = t.browser()
  await browser.post('/candidate/enter', { token: token ?? '' })
  return { t, start }
}

describe('a later start', () => {
  test('gives an unopened demo link out again, with a new secret', async () => {
    const t = await buildTestApp({ config: { hasDemo: true } })
    const start = () =>
      seedDatabase({ services: t.services, config: t.config, log: createLog(t.config) })
    const first = await start()
    const second = await start()
    expect(second).toMatchObject({ candidateToken: expect.any(String), isDemoInUse: false })
    expect(second.candidateToken).not.toBe(first.candidateToken)
  })

  test('says that an opened demo link still works', async () => {
    const { start } = await setup()
    expect(await start()).toMatchObject({ candidateToken: null, isDemoInUse: true })
  })

  test('does not say so of a demo link that has expired', async () => {
    const { t, start } = await setup()
    t.clock.sleep(invitationLifeMs + 1)
    expect(await start()).toMatchObject({ candidateToken: null, isDemoInUse: false })
  })

  test('does not say so of a demo link that was withdrawn', async () => {
    const { t, start } = await setup()
    const demo = await t.database.read((db) => t.services.invitations.selectOptionalDemo(db))
    await t.services.invitations.revoke('system', demo?.id ?? '')
    expect(await start()).toMatchObject({ candidateToken: null, isDemoInUse: false })
  })
})
