import { EngineFailure, type RunEngine } from './grading/engine.ts'

/** For commands that touch the database or describe the API but never run a program. */
export const createIdleEngine = (): RunEngine => {
  const refuse = async () => {
    throw new EngineFailure('This command runs no programs')
  }
  return { grade: refuse, openPreview: refuse, close: async () => {} }
}
