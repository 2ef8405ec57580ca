import { type ErrorCode, errorStatuses } from '../../contract/errors.ts'

/** An expected failure: its message may be shown to whoever made the request. */
export class AppError extends Error {
  override name = 'AppError'
  readonly code: ErrorCode
  readonly statusCode: number

  constructor(code: ErrorCode, message: string) {
    super(message)
    this.code = code
    this.statusCode = errorStatuses[code]
  }
}

/** `createError('APP_ERR_ATTEMPT_CLOSED', 'Attempt … closed at …')`: the status comes from the contract's table. */
export const createError = (code: ErrorCode, message: string) => new AppError(code, message)
