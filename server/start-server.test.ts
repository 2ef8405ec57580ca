import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { describeLinks } from './describe-links.ts'
import { createIdleEngine } from './idle-engine.ts'
import { type RunningServer, startServer } from './start-server.ts'
import { makePack } from './testing/make-pack.ts'
import { createRealBrowser } from './testing/real-browser.ts'

let dir: string
let env: Record<string, string>

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'assay-start-'))
  makePack(join(dir, 'pack'))
  env = {
    PORT: '0',
    ASSAY_DATA: join(dir, 'data'),
    ASSAY_PACK: join(dir, 'pack'),
    ASSAY_LOG: 'silent',
  }
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
})

const start = async (overrides: Record<string, string> = {}): Promise<RunningServer> => {
  const server = await startServer({
    env: { ...env, ...overrides },
    createEngine: async () => createIdleEngine(),
  })
  onTestFinished(server.close)
  return server
}

describe('startServer', () => {
  test('seeds a demo on an empty database, whose links open', async () => {
    const { origin, seeded } = await start()
    const browser = createRealBrowser(origin)
    const home = await browser.post('/candidate/enter', { token: seeded.candidateToken ?? '' })
    expect(home).toMatchObject({ candidateName: 'Demo Candidate', assessment: { minutes: 60 } })
    const staff = await fetch(`${origin}/staff/link/${seeded.staffToken}`, { redirect: 'manual' })
    expect(staff.status).toBe(303)
  })

  test('keeps the data, gives the unopened demo link again with a new secret, and a fresh staff link', async () => {
    const first = await start()
    await first.close()
    const second = await start()
    expect(second.seeded.candidateToken).not.toBe(first.seeded.candidateToken)
    const browser = createRealBrowser(second.origin)
    expect(
      await browser.post('/candidate/enter', { token: first.seeded.candidateToken ?? '' }),
    ).toMatchObject({
      code: 'APP_ERR_INVITATION_UNKNOWN',
    })
    await browser.post('/candidate/enter', { token: second.seeded.candidateToken ?? '' })
    await second.close()
    const third = await start()
    expect(third.seeded).toMatchObject({ candidateToken: null, isDemoInUse: true })
    const staff = await fetch(`${third.origin}/staff/link/${third.seeded.staffToken}`, {
      redirect: 'manual',
    })
    expect(staff.status).toBe(303)
    expect(await third.app.services.staffView.list()).toHaveLength(1)
  })

  test('keeps a secret of its own that only the owner can read, and the same one every time', async () => {
    const first = await start()
    const link = await fetch(`${first.origin}/staff/link/${first.seeded.staffToken}`, {
      redirect: 'manual',
    })
    const cookie = link.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    await first.close()
    expect(statSync(join(dir, 'data/secret')).mode & 0o777).toBe(0o600)
    const second = await start()
    const me = await fetch(`${second.origin}/api/staff/me`, { headers: { cookie } })
    expect(me.status).toBe(200)
  })

  test('seeds no demo invitation when told so', async () => {
    const { seeded, app } = await start({ ASSAY_DEMO: '0' })
    expect(seeded.candidateToken).toBeNull()
    expect(await app.services.assessments.list()).toHaveLength(1)
    expect(await app.services.staffView.list()).toEqual([])
  })

  test('offers a challenge that was changed since, and starts with one that is broken now', async () => {
    await (await start()).close()
    const manifest = join(dir, 'pack/challenges/say-hello/challenge.yaml')
    writeFileSync(manifest, 'title: broken\n')
    await (await start()).close()
    makePack(join(dir, 'pack'))
    writeFileSync(join(dir, 'pack/challenges/say-hello/starter/app.js'), '// newer\n')
    const { app, origin, seeded } = await start()
    const browser = createRealBrowser(origin)
    const { assessment } = await browser.post('/candidate/enter', {
      token: seeded.candidateToken ?? '',
    })
    const { items } = await browser.post('/candidate/start', {
      consentVersion: assessment.consentVersion,
    })
    const [attempt] = await app.services.staffView.list()
    const { files } = await app.services.staffView.readFiles(attempt?.id ?? '', items[0].id)
    expect(files['app.js']).toBe('// newer\n')
  })

  test('names a port that is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => holder.once('listening', resolve))
    onTestFinished(() => void holder.close())
    const { port } = holder.address() as AddressInfo
    const createEngine = vi.fn(async () => createIdleEngine())
    await expect(
      startServer({ env: { ...env, PORT: String(port) }, createEngine }),
    ).rejects.toThrow(
      `PORT: expected a free port, but ${port} on 127.0.0.1 is taken by another program`,
    )
    // The engine takes seconds; nobody should wait for them to hear of a port.
    expect(createEngine).not.toHaveBeenCalled()
  })

  test('names an address that is not of this machine', async () => {
    await expect(start({ HOST: '192.0.2.1' })).rejects.toThrow(
      'HOST: expected an address of this machine',
    )
  })

  test('names a data folder that cannot be used', async () => {
    writeFileSync(join(dir, 'file'), '')
    await expect(start({ ASSAY_DATA: join(dir, 'file/data') })).rejects.toThrow(
      'ASSAY_DATA: expected a folder',
    )
    await expect(start({ ASSAY_DATA: join(dir, 'file') })).rejects.toThrow(
      `ASSAY_DATA: expected a folder that can be written, got ${join(dir, 'file')} (it is a file)`,
    )
    // Not even root can make a folder there.
    await expect(start({ ASSAY_DATA: '/proc/assay' })).rejects.toThrow(
      'ASSAY_DATA: expected a folder',
    )
  })

  test('keeps off a data folder that another server is using', async () => {
    await start()
    await expect(start()).rejects.toThrow('another server is using')
  })

  test('leaves nothing behind when a step fails', async () => {
    await expect(start({ ASSAY_PACK: join(dir, 'nothing') })).rejects.toThrow('pack.yaml')
    await start()
  })

  test('names every wrong setting', async () => {
    await expect(start({ PORT: 'x', ASSAY_POOL: 'y' })).rejects.toThrow(/PORT: .*\n.*ASSAY_POOL: /)
  })
})

describe('server/main.ts', () => {
  test('ends with exit code 1 and one message when a setting is wrong', { timeout: 30_000 }, () => {
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'main.ts')],
      {
        env: { PATH: process.env.PATH, PORT: 'abc' },
        encoding: 'utf8',
      },
    )
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toBe(
      'Wrong settings:\n  PORT: expected a whole number from 0 to 65535, got "abc"\n',
    )
  })
})

describe('describeLinks', () => {
  const seeded = { candidateToken: 'c', isDemoInUse: false, staffToken: 's' }

  test('prints one candidate link and one staff link', () => {
    const text = describeLinks({ origin: 'http://a', seeded })
    expect(text).toContain('http://a/i/c')
    expect(text).toContain('http://a/staff/link/s')
  })

  test('says that the earlier candidate link still works', () => {
    const text = describeLinks({
      origin: 'http://a',
      seeded: { ...seeded, candidateToken: null, isDemoInUse: true },
    })
    expect(text).toContain('the link printed earlier still works')
  })
})
