/**
 * The one error table: code → HTTP status. Nothing else maps codes to statuses; the message of each thrown error says
 * what was expected and what came. Codes are part of the contract: pages switch on them.
 */
export const errorStatuses = {
  APP_ERR_VALIDATION: 400,
  APP_ERR_CONSENT_OUTDATED: 409,
  APP_ERR_NOT_SIGNED_IN: 401,
  APP_ERR_ORIGIN: 403,
  APP_ERR_NOT_FOUND: 404,
  APP_ERR_INVITATION_UNKNOWN: 404,
  APP_ERR_INVITATION_EXPIRED: 410,
  APP_ERR_INVITATION_REVOKED: 410,
  APP_ERR_STAFF_LINK_USED: 410,
  APP_ERR_ATTEMPT_NOT_STARTED: 409,
  APP_ERR_ATTEMPT_ALREADY_STARTED: 409,
  APP_ERR_ATTEMPT_CLOSED: 409,
  APP_ERR_STATE: 409,
  APP_ERR_PROGRAM_NOT_RUNNING: 409,
  APP_ERR_PROGRAM_NO_ANSWER: 502,
  APP_ERR_RUN_NOT_FAILED: 409,
  APP_ERR_BODY_TOO_LARGE: 413,
  APP_ERR_MEDIA_TYPE: 415,
  APP_ERR_TOO_MANY_REQUESTS: 429,
  APP_ERR_INTERNAL: 500,
  APP_ERR_WEB_NOT_BUILT: 503,
  APP_ERR_OVERLOADED: 503,
} as const satisfies Record<`APP_ERR_${string}`, number>

export type ErrorCode = keyof typeof errorStatuses
