import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

/**
 * A Chromium that needs no system packages: the browser, a font and the shared libraries that a bare machine
 * lacks (nss and friends) all come out of the `@sparticuz/chromium` npm package.
 *
 * That package unpacks into the temporary folder and takes a half-written binary of a parallel process for a
 * finished one. So it unpacks in a child process into a private folder, and one rename publishes the result:
 * whoever renames first wins, everybody else uses that one.
 */

const execFileAsync = promisify(execFile)

/**
 * Flags of the package that a test must not run with: some would hide real faults (web security off), the
 * single-process ones end the browser when the first of several contexts closes.
 */
const refusedArgs = new Set([
  '--single-process',
  '--in-process-gpu',
  '--disable-web-security',
  '--allow-running-insecure-content',
  "--headless='shell'",
])

/** `AWS_LAMBDA_JS_RUNTIME` is how the package is told to unpack its shared libraries as well. */
const unpackEnvironment = { AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' }
const unpackScript = `
const { default: chromium } = await import('@sparticuz/chromium')
await chromium.executablePath()
process.stdout.write(JSON.stringify(chromium.args))
`

/** Version of the installed package; its export map hides the manifest, so the way there is up from its code. */
async function packageVersion(): Promise<string> {
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const name = join('@sparticuz', 'chromium')
  const folder = entry.slice(0, entry.lastIndexOf(name) + name.length)
  const manifest = await readFile(join(folder, 'package.json'), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

function fontsConfiguration(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(folder, 'fonts', 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`
}

async function unpackInto(folder: string): Promise<void> {
  const { stdout } = await execFileAsync(
    process.execPath,
    ['--input-type=module', '--eval', unpackScript],
    { cwd: import.meta.dirname, env: { ...process.env, ...unpackEnvironment, TMPDIR: folder } },
  )
  await writeFile(join(folder, 'args.json'), stdout)
}

/** Folder with the unpacked browser; unpacks on first use (about three seconds, 250 MB). */
async function unpackedFolder(): Promise<string> {
  const target = join(tmpdir(), `assay-chromium-${await packageVersion()}-${userInfo().uid}`)
  if (existsSync(join(target, 'args.json'))) return target
  const draft = await mkdtemp(join(tmpdir(), 'assay-chromium-draft-'))
  await unpackInto(draft)
  await writeFile(join(draft, 'fonts.conf'), fontsConfiguration(target))
  try {
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    if (!existsSync(join(target, 'args.json'))) throw error
  }
  return target
}

/**
 * Starts a headless Chromium for a browser test; the caller closes it.
 *
 * @throws when the machine is not Linux on x64 or arm64, or the temporary folder cannot hold 250 MB.
 */
export async function launchBrowser(): Promise<Browser> {
  const folder = await unpackedFolder()
  const args = JSON.parse(await readFile(join(folder, 'args.json'), 'utf8')) as string[]
  const libraries = [join(folder, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH]
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: args.filter((arg) => !refusedArgs.has(arg)),
    env: {
      ...process.env,
      LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    },
  })
}
