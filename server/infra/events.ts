import { EventEmitter } from 'node:events'
import type { ProgramState } from '../../contract/live.ts'

/** What modules tell the live hub, always after the change is stored. */
export interface AppEvents {
  /** State or clock of an attempt changed. */
  attemptChanged: { attemptId: string }
  /** The candidate is working: text was stored. Frequent. */
  attemptActive: { attemptId: string }
  runChanged: { attemptId: string; runId: string }
  programConsole: {
    attemptId: string
    itemId: string
    runId: string
    stream: 'stdout' | 'stderr'
    text: string
  }
  programChanged: { attemptId: string; itemId: string; runId: string; state: ProgramState }
}

export const createEvents = () => {
  const emitter = new EventEmitter()
  return {
    emit<Name extends keyof AppEvents>(name: Name, event: AppEvents[Name]) {
      emitter.emit(name, event)
    },
    /** Answers the function that ends the subscription. */
    on<Name extends keyof AppEvents>(name: Name, listener: (event: AppEvents[Name]) => void) {
      emitter.on(name, listener)
      return () => {
        emitter.off(name, listener)
      }
    },
  }
}

export type Events = ReturnType<typeof createEvents>
