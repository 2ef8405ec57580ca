import type { Env, NodeObject } from '../../isolate/env.ts'
import { type LegacyFields, legacyCertificate } from './x509.ts'

/** The first of a chain of certificates, linked as Node links them: a root is its own issuer. */
export function legacyChain(
  env: Env,
  answer: { chain: LegacyFields[]; isRoot: boolean } | null | undefined,
): NodeObject | undefined {
  if (answer === null || answer === undefined) return undefined
  const certificates = answer.chain.map((fields) => legacyCertificate(env, fields))
  certificates.forEach((certificate, at) => {
    const issuer = certificates[at + 1] ?? (answer.isRoot ? certificate : undefined)
    if (issuer !== undefined) certificate.issuerCertificate = issuer
  })
  return certificates[0]
}
