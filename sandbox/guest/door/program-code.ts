import { init, parse as lexCommonJs } from 'cjs-module-lexer'
import type ivm from 'isolated-vm'
import { bundleFolder, webBundle } from '../../catalog/catalog.ts'
import type { CompiledBundle } from '../../catalog/compiled-bundle.ts'
import { withoutHostFrames } from '../host-frames.ts'
import type { DoorHost, DoorOps } from './door.ts'
import { functionText, withoutHashbang } from './function-text.ts'
import type { Mount } from './mount.ts'

await init()

/** Where every program of ours finds its packages. */
const rehearsalMount: Mount = { at: '/app/node_modules', root: '' }
const rehearsalBundle = `${rehearsalMount.at}/${bundleFolder}/${webBundle}.cjs`

/** Characters of a program's own error text that cross back. */
const maxTextLength = 64 * 1024
/** Classic scripts one program may compile; each holds memory of the host. */
const maxScripts = 10_000

export interface CompileFailure {
  name: string
  message: string
  line: number
  column: number
}

/** Compiles the program's own code in its isolate, at its real positions. Nothing here runs it. */
export function programCodeOps(host: DoorHost): DoorOps {
  const scripts: ivm.Script[] = []
  let lastValue: ivm.Reference | undefined
  return {
    'compile.function'(
      source: string,
      parameters: string,
      filename: string,
      lineOffset: number,
      columnOffset: number,
    ) {
      const bundle = host.catalogBundle(String(filename))
      if (bundle !== null) return compileBundle(host, bundle, String(filename))
      const { code, headLength } = functionText(
        source,
        checkedParameters(parameters),
        host.isTrackingContext ? host.facts : null,
      )
      const compiled = compile(host, code, filename, lineOffset, columnOffset - headLength)
      return isFailurePast(source, compiled, lineOffset)
        ? diagnosed(host, withoutHashbang(source), filename, lineOffset, columnOffset, compiled)
        : compiled
    },
    /** The bundle that most programs load, at the place where they load it from. */
    'rehearsal.bundle'() {
      const mounts = host.mounts
      host.mounts = [rehearsalMount]
      try {
        const bundle = host.catalogBundle(rehearsalBundle)
        return bundle === null ? null : compileBundle(host, bundle, rehearsalBundle)
      } finally {
        host.mounts = mounts
      }
    },
    'compile.script'(source: string, filename: string, lineOffset: number, columnOffset: number) {
      if (scripts.length >= maxScripts) throw new RangeError(`more than ${maxScripts} scripts`)
      try {
        const origin = scriptOrigin(filename, lineOffset, columnOffset)
        return { id: scripts.push(host.isolate.compileScriptSync(source, origin)) - 1 }
      } catch (error) {
        return failureOf(error)
      }
    },
    /**
     * Runs a script within the call that asks for it. Answers null when it ended, and `script.value` then gives its value;
     * otherwise what it threw, an error as its name, message and stack.
     */
    'script.run'(id: number) {
      const script = Number.isInteger(id) ? scripts[id] : undefined
      if (script === undefined) throw new RangeError('unknown script')
      try {
        lastValue = script.runSync(host.context, { reference: true })
        return null
      } catch (error) {
        if (!(error instanceof Error)) return { thrown: error }
        const { name, message, stack } = error
        return {
          error: {
            name: bounded(name),
            message: bounded(message),
            stack: bounded(withoutHostFrames(String(stack))),
          },
        }
      }
    },
    'script.value'() {
      const value = lastValue
      lastValue = undefined
      return value?.derefInto({ release: true })
    },
    'builtin.source': (id: string) => host.facts.source(String(id)),
    'cjs.lex'(source: string) {
      try {
        const { exports, reexports } = lexCommonJs(String(source))
        return [exports, reexports]
      } catch {
        return [[], []]
      }
    },
    'compile.check-module'(source: string, filename: string) {
      try {
        host.isolate.compileModuleSync(source, { filename: String(filename) }).release()
        return true
      } catch {
        return false
      }
    },
  }
}

function compile(
  host: DoorHost,
  code: string,
  filename: string,
  lineOffset: number,
  columnOffset: number,
): unknown {
  try {
    const script = host.isolate.compileScriptSync(
      code,
      scriptOrigin(filename, lineOffset, columnOffset),
    )
    const fn = script.runSync(host.context, { reference: true })
    script.release()
    return fn.derefInto({ release: true })
  } catch (error) {
    return failureOf(error)
  }
}

/** True if V8 only noticed in what we put behind the source that something in it never ends. */
function isFailurePast(source: string, compiled: unknown, lineOffset: number): boolean {
  const { failure } = compiled as { failure?: CompileFailure }
  if (failure?.name !== 'SyntaxError') return false
  let lines = 1 + (lineOffset | 0)
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lines++
  return failure.line > lines
}

/** What V8 says of the source by itself. A script is no function: what it says of `return` is not meant. */
function diagnosed(
  host: DoorHost,
  source: string,
  filename: string,
  lineOffset: number,
  columnOffset: number,
  otherwise: unknown,
): unknown {
  try {
    const origin = scriptOrigin(filename, lineOffset, columnOffset)
    host.isolate.compileScriptSync(source, origin).release()
    return otherwise
  } catch (error) {
    const alone = failureOf(error)
    return alone.failure.message === 'Illegal return statement' ? otherwise : alone
  }
}

/** The catalog's bundle, from our own file whatever text the guest sent: compiled data must fit its source. */
function compileBundle(
  host: DoorHost,
  { code, cachedData }: CompiledBundle,
  filename: string,
): unknown {
  const known = host.compiledBundles.get(filename)
  if (known !== undefined) return known.derefInto()
  const script = host.isolate.compileScriptSync(code, {
    filename,
    cachedData: host.copyBytes(cachedData),
  })
  const fn = script.runSync(host.context, { reference: true })
  script.release()
  host.compiledBundles.set(filename, fn)
  return fn.derefInto()
}

function scriptOrigin(filename: string, lineOffset: number, columnOffset: number) {
  return { filename: String(filename), lineOffset: lineOffset | 0, columnOffset: columnOffset | 0 }
}

const bounded = (text: unknown) => String(text).slice(0, maxTextLength)

/** V8's message without the position that isolated-vm appends to it. */
export function failureOf(error: unknown): { failure: CompileFailure } {
  const { name = 'SyntaxError', message: full = '' } = error as { name?: string; message?: string }
  const message = String(full).slice(0, maxTextLength)
  const at = message.lastIndexOf(' [')
  const match = /:(\d+):(\d+)\]$/.exec(at < 0 ? '' : message.slice(at))
  return {
    failure: {
      name: String(name).slice(0, maxTextLength),
      message: match === null ? message : message.slice(0, at),
      line: Number(match?.[1] ?? 1),
      column: Number(match?.[2] ?? 1),
    },
  }
}

/** Parameter names end up in compiled text, so nothing but names may be among them. */
function checkedParameters(parameters: string): string {
  const names = String(parameters)
    .split(', ')
    .filter((name) => name !== '')
  if (!names.every((name) => /^(?:\.\.\.)?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name))) {
    throw new SyntaxError('Arg string terminates parameters early')
  }
  return names.join(', ')
}
