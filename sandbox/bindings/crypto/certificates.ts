import type { Env, NodeFunction, NodeObject } from '../../isolate/env.ts'
import { callDoor, doorBytes } from '../door-call.ts'
import { encodeUtf8 } from '../utf8.ts'

/** A program's own certificates for contexts that name none: `NODE_EXTRA_CA_CERTS` or `tls.setDefaultCACertificates`. */
export interface ProgramCertificates {
  /** In place of the bundled ones; undefined as long as the program has not set them. */
  replaced: string[] | undefined
  extra(): string[]
}

/** The certificate stores of `node:tls`. The system that a program sees has none of its own. */
export function certificateBinding(env: Env): NodeObject {
  const own = programCertificatesOf(env)
  return {
    startLoadingCertificatesOffThread() {},
    getBundledRootCertificates: () => callDoor<string[]>(env, 'tls.rootCertificates'),
    getSystemCACertificates: () => [],
    getExtraCACertificates: () => own.extra(),
    getUserRootCertificates: () => [...(own.replaced ?? [])],
    resetRootCertStore(certificates: unknown[]) {
      const all = certificates.flatMap((bundle) => readBundle(env, bundle))
      const byFingerprint = new Map(all.sort(([one], [other]) => (one < other ? -1 : 1)))
      own.replaced = [...byFingerprint.values()]
    },
    getSSLCiphers: () => callDoor<string[]>(env, 'tls.ciphers'),
    getCertificateCompressionAlgorithms: () =>
      callDoor<string[]>(env, 'tls.certificateCompression'),
  }
}

const known = new WeakMap<Env, ProgramCertificates>()

export function programCertificatesOf(env: Env): ProgramCertificates {
  let certificates = known.get(env)
  if (certificates === undefined) {
    let extra: string[] | undefined
    certificates = {
      replaced: undefined,
      extra: () => {
        extra ??= readExtra(env)
        return [...extra]
      },
    }
    known.set(env, certificates)
  }
  return certificates
}

/** Fingerprint and PEM text of each certificate. */
function readBundle(env: Env, bundle: unknown): [fingerprint: string, pem: string][] {
  const bytes = typeof bundle === 'string' ? encodeUtf8(bundle) : bundle
  return callDoor<[string, string][]>(env, 'tls.readCertificates', doorBytes(bytes))
}

/** The file is one of the program's own file system; one that cannot be read is a warning, as in Node. */
function readExtra(env: Env): string[] {
  const path = env.program?.env.NODE_EXTRA_CA_CERTS
  if (path === undefined || path === '') return []
  try {
    const readFileSync = env.requireBuiltin('fs').readFileSync as NodeFunction
    return readBundle(env, readFileSync(path, 'utf8')).map(([, pem]) => pem)
  } catch {
    const emitWarning = env.process.emitWarning as NodeFunction
    emitWarning.call(env.process, `Ignoring extra certs from \`${path}\`, load failed`)
    return []
  }
}
