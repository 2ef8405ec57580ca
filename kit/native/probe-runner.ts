/**
 * The main file of a native probe: receives `{ source, args }` from the kit, runs the function in
 * the project folder (the working directory) and sends back `{ value }` or `{ error }`.
 */
import { isBuiltin } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const load = (path: string) =>
  import(isBuiltin(path) ? path : pathToFileURL(resolve(process.cwd(), path)).href)

process.once('message', async ({ source, args }: { source: string; args: unknown[] }) => {
  try {
    const probe = new Function(`return (${source})`)()
    answer({ value: JSON.stringify(await probe({ load, args })) })
  } catch (error) {
    answer({ error: error instanceof Error ? error.message : String(error) })
  }
})

function answer(message: { value: string | undefined } | { error: string }) {
  process.send?.(message, () => process.exit(0))
}
