import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { homedir, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** What lies on this machine for an attack to find. Paths and ports are told to it, the secret is not. */
export interface Bait {
  /** A CommonJS module that exports the secret. */
  file: string
  /** The same in a folder that a traversal would name: `<root>/node_modules/bait`. */
  module: string
  /** Answers with the secret. */
  port: number
}

export interface PlantedBait extends Bait {
  secret: string
  /** Stands in the text of every suite that is generated here. */
  suiteSecret: string
  /** Connections that reached the port. */
  connections(): number
  /** What of this machine stands in a text; undefined when nothing does. */
  findIn(text: string): string | undefined
  remove(): void
}

const checkout = join(import.meta.dirname, '../../../..')

/**
 * Plants a secret in this process's environment, a file, a module and a port of the loopback interface. Plant it before
 * the engine starts: what that starts would inherit it, if it inherited anything.
 */
export async function plantBait(): Promise<PlantedBait> {
  const secret = `canary-${randomBytes(8).toString('hex')}`
  const suiteSecret = `canary-${randomBytes(8).toString('hex')}`
  const folder = mkdtempSync(join(tmpdir(), 'assay-bait-'))
  const file = join(folder, 'bait.cjs')
  const module = join(folder, 'node_modules/bait')
  writeFileSync(file, `module.exports = '${secret}'\n`)
  mkdirSync(module, { recursive: true })
  writeFileSync(join(module, 'index.js'), `module.exports = '${secret}'\n`)
  process.env.ASSAY_BAIT = secret
  let connections = 0
  const server = createServer((_request, response) => response.end(secret))
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  // A program that has never been told of them cannot print them, unless it has seen them.
  const paths = [checkout, realpathSync(process.execPath)]
  for (const each of [homedir(), hostname()]) if (each.length > 6) paths.push(each)
  return {
    file,
    module,
    port,
    secret,
    suiteSecret,
    connections: () => connections,
    findIn(text) {
      if (/canary-[0-9a-f]{16}/.test(text)) return 'a planted secret'
      const path = paths.find((each) => text.includes(each))
      return path === undefined ? undefined : `a path of this machine: ${path}`
    },
    remove() {
      delete process.env.ASSAY_BAIT
      server.closeAllConnections()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
