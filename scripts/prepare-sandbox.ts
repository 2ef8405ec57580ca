import { join } from 'node:path'
import { prepareRuntime } from '../sandbox/runtime/prepare.ts'

// Once, before many processes need it at the same time.
await prepareRuntime(join(import.meta.dirname, '..', '.cache', 'sandbox'))
