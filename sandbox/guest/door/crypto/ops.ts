import type { DoorOps } from '../door.ts'
import { guarded } from '../guarded.ts'
import { cipherOps } from './cipher.ts'
import { deriveOps } from './derive.ts'
import { exchangeOps } from './exchange.ts'
import { hashOps } from './hash.ts'
import { keygenOps } from './keygen.ts'
import { keyOps } from './keys.ts'
import { createCryptoObjects } from './objects.ts'
import { randomOps } from './random.ts'
import { signOps } from './sign.ts'
import { webCipherOps } from './web-cipher.ts'
import { x509Ops } from './x509.ts'

/** `crypto.*`: what the isolate's crypto binding asks of the host's `node:crypto`. One set per guest. */
export function cryptoOps(): DoorOps {
  const objects = createCryptoObjects()
  const ops = guarded({
    ...hashOps(objects),
    ...cipherOps(objects),
    ...keyOps(objects),
    ...keygenOps(objects),
    ...signOps(objects),
    ...deriveOps(objects),
    ...exchangeOps(objects),
    ...x509Ops(objects),
    ...webCipherOps(),
    ...randomOps(),
    release: (ids: unknown) => objects.release(ids),
  })
  return Object.fromEntries(Object.entries(ops).map(([name, op]) => [`crypto.${name}`, op]))
}
