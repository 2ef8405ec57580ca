/**
 * Loaded before the candidate's entry file when a program is started natively. It reports the port
 * the program listens on, and serves an exported app of a program that listens to nothing itself.
 */
import './trace-preload.ts'
import { channel } from 'node:diagnostics_channel'
import { createServer, type RequestListener, type Server } from 'node:http'
import { pathToFileURL } from 'node:url'

channel('tracing:net.server.listen:asyncEnd').subscribe((message) => {
  const address = (message as { server: Server }).server.address()
  if (address && typeof address === 'object') process.send?.({ port: address.port })
})

// Nothing keeps the program alive: either it is done, or it exports an app and leaves serving to us.
process.once('beforeExit', async () => {
  const entry = process.argv[1]
  if (!entry) return
  const exported: unknown = (await import(pathToFileURL(entry).href)).default
  const port = Number(process.env.PORT)
  if (typeof exported === 'function') createServer(exported as RequestListener).listen(port)
  else if (hasListen(exported)) exported.listen(port)
})

function hasListen(value: unknown): value is { listen(port: number): void } {
  return typeof (value as { listen?: unknown } | null | undefined)?.listen === 'function'
}
