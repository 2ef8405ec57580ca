import { Type } from 'typebox'

const unsafeId = Type.String({ minLength: 1, maxLength: 64 })

export const itemParams = Type.Object({ itemId: unsafeId })
export const attemptParams = Type.Object({ attemptId: unsafeId })
export const attemptItemParams = Type.Object({ attemptId: unsafeId, itemId: unsafeId })
export const runParams = Type.Object({ runId: unsafeId })
export const invitationParams = Type.Object({ invitationId: unsafeId })
