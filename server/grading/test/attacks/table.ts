import { bridgeAttacks } from './a-bridge.ts'
import { globalAttacks } from './a-globals.ts'
import { moduleAttacks } from './a-modules.ts'
import { realmAttacks } from './a-realm.ts'
import { vm2Attacks } from './a-vm2.ts'
import type { Attack } from './attack.ts'
import { livenessAttacks } from './b-liveness.ts'
import { memoryAttacks } from './c-memory.ts'
import { protocolAttacks } from './d-protocol.ts'
import { conductAttacks } from './e-conduct.ts'
import { graderAttacks } from './e-grader.ts'

/** Every line of the list of threats, in its order. */
export const table: readonly Attack[] = [
  ...realmAttacks,
  ...bridgeAttacks,
  ...moduleAttacks,
  ...vm2Attacks,
  ...globalAttacks,
  ...livenessAttacks,
  ...memoryAttacks,
  ...protocolAttacks,
  ...graderAttacks,
  ...conductAttacks,
].sort((a, b) => a.id.localeCompare(b.id))
