import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
// @ts-expect-error plain JavaScript that also runs on an old Node
import { ensureWebBuilt } from '../scripts/bootstrap/web-build.mjs'
import { createRunEngine } from '../server/grading/run-engine.ts'
import { demoAdmin } from '../server/seed/demo.ts'
import { startServer } from '../server/start-server.ts'
import { launchBrowser } from './browser.ts'

const cacheDir = join(import.meta.dirname, '../.cache/sandbox')
const evidenceDir = join(import.meta.dirname, '../.cache/e2e')

/** The whole product as `npm start` serves it, on a data folder of its own, and a browser to use it with. */
export type Product = Awaited<ReturnType<typeof startProduct>>

/** Builds the page when it is stale, starts the server with the real sandbox, and a real Chromium. */
export async function startProduct() {
  await ensureWebBuilt(process.execPath, { say: (line: string) => console.error(line) })
  const dataDir = mkdtempSync(join(tmpdir(), 'assay-e2e-'))
  const server = await startServer({
    env: { PORT: '0', ASSAY_DATA: dataDir, ASSAY_LOG: 'error' },
    // What is built from our own sources alone is shared with the other tests.
    createEngine: (options) => createRunEngine({ ...options, cacheDir }),
  })
  const browser = await launchBrowser()
  const { services } = server.app
  const { origin, seeded } = server

  const openPage = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
      ...options,
    })
    context.setDefaultTimeout(60_000)
    return context.newPage()
  }

  return {
    services,
    origin,
    candidateLink: `${origin}/i/${seeded.candidateToken}`,
    staffLink: `${origin}/staff/link/${seeded.staffToken}`,

    /** A page in a browser profile of its own: nothing is shared with other pages. */
    openPage,

    /** A signed-in reviewer's list of attempts, in a browser profile of its own. */
    async openStaffPage() {
      const page = await openPage()
      const token = await services.staff.issueSignInToken(demoAdmin.email)
      await page.goto(`${origin}/staff/link/${token}`)
      return page
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

    /** After a test that failed: what every open page shows, in `.cache/e2e/`. */
    async keepEvidence({ name, result }: { name: string; result?: { state: string } | undefined }) {
      if (result?.state !== 'fail') return
      const pages = browser.contexts().flatMap((context) => context.pages())
      for (const [index, page] of pages.entries()) {
        const file = `${name.replaceAll(/\W+/g, '-').slice(0, 60)}-${index}.png`
        await page.screenshot({ path: join(evidenceDir, file) })
      }
    },

    async close() {
      await browser.close()
      await server.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
