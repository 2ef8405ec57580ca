import { createRequire } from 'node:module'

/**
 * A binding of the pinned binary itself, for host operations that must break chunks or convert characters exactly as it
 * does. `process.binding` is what a plain process has; under the permission model it is refused, and a guest process runs
 * with `--expose-internals` instead (host side only: nothing of it can cross into an isolate).
 */
export function nativeBinding<Binding>(name: string): Binding {
  const { binding } = process as unknown as { binding(name: string): Binding }
  if (!process.execArgv.includes('--expose-internals')) return binding(name)
  const internals = createRequire(import.meta.url)('internal/test/binding') as {
    internalBinding(name: string): Binding
  }
  return internals.internalBinding(name)
}
