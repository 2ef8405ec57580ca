import { editorTypeUrls } from 'virtual:editor-types'
import {
  JsxEmit,
  javascriptDefaults,
  type LanguageServiceDefaults,
  type ModuleKind,
  type ModuleResolutionKind,
  ScriptTarget,
  typescriptDefaults,
} from 'monaco-editor/languages/features/typescript/register.js'

/**
 * TypeScript's own numbers, which Monaco's shortened enums lack: `module: preserve` takes `import` and `require`
 * side by side as a mixed Node project has them, `moduleResolution: bundler` reads `exports` and `types`.
 */
const modulePreserve = 200 as ModuleKind
const moduleResolutionBundler = 100 as ModuleResolutionKind

/** Diagnostics that would be wrong here: 80005 suggests turning `require` into `import`, which is the author's choice. */
const ignoredDiagnostics = [80001, 80005]

const loaded = new Map<string, Promise<void>>()

function configure(defaults: LanguageServiceDefaults, isStrict: boolean): void {
  defaults.setCompilerOptions({
    target: ScriptTarget.ESNext,
    lib: ['esnext'],
    module: modulePreserve,
    moduleResolution: moduleResolutionBundler,
    jsx: JsxEmit.Preserve,
    allowJs: true,
    checkJs: false,
    strict: isStrict,
    noEmit: true,
    esModuleInterop: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    allowNonTsExtensions: true,
    skipLibCheck: true,
    // Every declaration file is handed over, so nothing is to be looked up by itself.
    types: [],
  })
  defaults.setDiagnosticsOptions({ diagnosticCodesToIgnore: ignoredDiagnostics })
  defaults.setEagerModelSync(true)
}

/** What visible samples import; they are there to be read, and must not show errors about packages of the grader. */
const sampleModules = `declare module 'assay'
declare module 'vitest'
declare module 'supertest'
`

configure(typescriptDefaults, true)
configure(javascriptDefaults, false)
for (const defaults of [typescriptDefaults, javascriptDefaults]) {
  defaults.addExtraLib(sampleModules, 'file:///sample-modules.d.ts')
}

async function loadBundle(name: string): Promise<void> {
  const url = editorTypeUrls[name]
  if (url === undefined) return
  const response = await fetch(url)
  if (!response.ok)
    throw new Error(`expected types at ${url}, the server answered ${response.status}`)
  const files = (await response.json()) as Record<string, string>
  for (const [path, text] of Object.entries(files)) {
    const uri = `file:///${path}`
    typescriptDefaults.addExtraLib(text, uri)
    javascriptDefaults.addExtraLib(text, uri)
  }
}

/**
 * Makes the types of Node and of the given packages known to the editor. Packages without a bundle are skipped;
 * a failed download is tried again at the next call.
 */
export async function loadTypes(packages: readonly string[]): Promise<void> {
  const loading = ['node', ...packages].map((name) => {
    const known = loaded.get(name)
    if (known) return known
    const started = loadBundle(name).catch((error: unknown) => {
      loaded.delete(name)
      throw error
    })
    loaded.set(name, started)
    return started
  })
  await Promise.all(loading)
}
