import type { CallbackLog } from '../trace/callback-log.ts'
import type { RequestLog } from '../trace/request-log.ts'
import type { DoorHost, DoorOps } from './door.ts'

/**
 * What the hooks of `isolate/trace-requests.ts` and `isolate/trace-activity.ts` saw; nothing is kept for a program that is
 * not traced.
 */
export function traceOps(host: DoorHost): DoorOps {
  const log = () => host.recording?.requests
  const callbacks = () => host.recording?.callbacks
  return {
    'trace.open': (...args: Parameters<RequestLog['open']>) => log()?.open(...args),
    'trace.enter': (...args: Parameters<RequestLog['enter']>) => log()?.enter(...args),
    'trace.leave': (...args: Parameters<RequestLog['leave']>) => log()?.leave(...args),
    'trace.end': (...args: Parameters<RequestLog['end']>) => log()?.end(...args),
    'trace.finish': (...args: Parameters<RequestLog['finish']>) => log()?.finish(...args),
    'trace.enter-callback': (...args: Parameters<CallbackLog['enter']>) =>
      callbacks()?.enter(...args),
    'trace.leave-callback': () => callbacks()?.leave(),
    'trace.reject': (reason: unknown) => host.recording?.reject(reason),
    'trace.alive': (json: unknown) => host.recording?.setAlive(json),
  }
}
