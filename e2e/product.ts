import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
// @ts-expect-error plain JavaScript that also runs on an old Node
import { ensureWebBuilt } from '../scripts/bootstrap/web-build.mjs'
import { createRunEngine } from '../server/grading/run-engine.ts'
import { startServer } from '../server/start-server.ts'
import { launchBrowser } from './browser.ts'

/** The whole product as `npm start` serves it, on a data folder of its own, and a browser to use it with. */
export type Product = Awaited<ReturnType<typeof startProduct>>

/** Builds the page when it is stale, starts the server with the real sandbox, and a real Chromium. */
export async function startProduct() {
  await ensureWebBuilt(process.execPath, { say: (line: string) => console.error(line) })
  const dataDir = mkdtempSync(join(tmpdir(), 'assay-e2e-'))
  const server = await startServer({
    env: { PORT: '0', ASSAY_DATA: dataDir, ASSAY_LOG: 'error' },
    createEngine: createRunEngine,
  })
  const browser = await launchBrowser()
  const { services } = server.app
  const { origin, seeded } = server

  return {
    services,
    origin,
    candidateLink: `${origin}/i/${seeded.candidateToken}`,
    staffLink: `${origin}/staff/link/${seeded.staffToken}`,

    /** A page in a browser profile of its own: nothing is shared with other pages. Fails loudly on script errors. */
    async openPage(options: BrowserContextOptions = {}): Promise<Page> {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        permissions: ['clipboard-read', 'clipboard-write'],
        ...options,
      })
      context.setDefaultTimeout(60_000)
      return context.newPage()
    },

    /** One more candidate of the demo assessment. */
    async invite(candidateName: string) {
      const [assessment] = await services.assessments.list()
      if (assessment === undefined) throw new Error('Expected the demo assessment, got none')
      const invitation = await services.invitations.create('system', {
        assessmentId: assessment.id,
        candidateName,
        candidateEmail: 'someone@example.org',
      })
      return { ...invitation, link: `${origin}/i/${invitation.token}` }
    },

    async close() {
      await browser.close()
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
