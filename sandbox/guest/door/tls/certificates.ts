import { X509Certificate } from 'node:crypto'
import tls from 'node:tls'
import { bytes } from '../arguments.ts'
import type { DoorOps } from '../door.ts'

type LegacyCertificate = Record<string, unknown>

const maxChain = 100

/** The certificate and its issuers in turn, each without its link; `isRoot` when the last one issued itself. */
export function plainChain(first: unknown): { chain: LegacyCertificate[]; isRoot: boolean } | null {
  if (typeof first !== 'object' || first === null) return null
  const chain: LegacyCertificate[] = []
  let current = first as LegacyCertificate
  while (chain.length < maxChain) {
    const { issuerCertificate, ...fields } = current
    chain.push(fields)
    if (issuerCertificate === current) return { chain, isRoot: true }
    if (typeof issuerCertificate !== 'object' || issuerCertificate === null) break
    current = issuerCertificate as LegacyCertificate
  }
  return { chain, isRoot: false }
}

const pemBlock = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[^-]*-----END [A-Z0-9 ]*-----/g

/** Certificates that come with the binary, and reading those that a program brings. Nothing of the host's own store. */
export function certificateOps(): DoorOps {
  return {
    'tls.rootCertificates': () => [...tls.rootCertificates],
    'tls.ciphers': () => tls.getCiphers(),
    'tls.certificateCompression': () =>
      (
        tls as unknown as { getCertificateCompressionAlgorithms(): string[] }
      ).getCertificateCompressionAlgorithms(),
    /** The certificates of a bundle as PEM text, each with the fingerprint that OpenSSL's sets are ordered by. */
    'tls.readCertificates'(bundle: unknown) {
      const source = bytes(bundle).toString('latin1')
      return (source.match(pemBlock) ?? []).map((block) => {
        const certificate = new X509Certificate(block)
        return [certificate.fingerprint, certificate.toString()]
      })
    },
  }
}
