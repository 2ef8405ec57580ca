import type { RequestLog } from '../trace/request-log.ts'
import type { DoorHost, DoorOps } from './door.ts'

/** What the hooks of `isolate/trace-requests.ts` saw; nothing is kept for a program that is not traced. */
export function traceOps(host: DoorHost): DoorOps {
  const log = () => host.requestLog
  return {
    'trace.open': (...args: Parameters<RequestLog['open']>) => log()?.open(...args),
    'trace.enter': (...args: Parameters<RequestLog['enter']>) => log()?.enter(...args),
    'trace.leave': (...args: Parameters<RequestLog['leave']>) => log()?.leave(...args),
    'trace.end': (...args: Parameters<RequestLog['end']>) => log()?.end(...args),
    'trace.finish': (...args: Parameters<RequestLog['finish']>) => log()?.finish(...args),
  }
}
