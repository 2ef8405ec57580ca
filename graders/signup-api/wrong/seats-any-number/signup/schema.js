import { z } from 'zod'

const minimumAge = 16

const email = z.string().check(
  z.trim(),
  z.toLowerCase(),
  z.maxLength(254, 'must have at most 254 characters'),
  z.email('must be an email address'),
)

const schema = z.strictObject({
  email,
  password: z.string().min(12, 'must have at least 12 characters').max(128),
  name: z.string().trim().min(1, 'must not be empty').max(80),
  birthDate: z.iso
    .date('must be a day as YYYY-MM-DD')
    .refine(isOldEnough, `must be at least ${minimumAge} years ago`),
  terms: z.literal(true, 'must be accepted'),
  plan: z.enum(['free', 'team']).default('free'),
  seats: z.number('must be a number').min(2).max(500).optional(),
  newsletter: z.boolean().default(false),
})

/** Zod checks rules across members only when all members are good; these are wanted in any case. */
const always = { when: ({ value }) => typeof value === 'object' && value !== null }

const signup = schema
  .refine(({ plan, seats }) => plan !== 'team' || seats !== undefined, {
    ...always,
    path: ['seats'],
    error: 'is required with the plan team',
  })
  .refine(({ plan, seats }) => plan === 'team' || seats === undefined, {
    ...always,
    path: ['seats'],
    error: 'is for the plan team only',
  })
  .refine((body) => !repeatsEmail(body), {
    ...always,
    path: ['password'],
    error: 'must not contain your address',
  })

/** The 16th birthday is counted in UTC; who is born on 29 February has it on 1 March. */
function isOldEnough(birthDate) {
  const [year, month, day] = birthDate.split('-').map(Number)
  return Date.UTC(year + minimumAge, month - 1, day) <= Date.now()
}

function repeatsEmail({ email, password }) {
  if (typeof email !== 'string' || typeof password !== 'string') return false
  const [name] = email.trim().toLowerCase().split('@')
  return name.length >= 4 && password.toLowerCase().includes(name)
}

/**
 * Checks a body that is a JSON object.
 *
 * @returns {{ value: object } | { fields: Record<string, string> }} the signup with its defaults, or
 *   one message for every bad member
 */
export function readSignup(body) {
  const result = signup.safeParse(body)
  if (result.success) return { value: result.data }
  // Members are named by the client, so the object must not inherit or set anything.
  const fields = Object.create(null)
  for (const { code, keys, path, message } of result.error.issues) {
    if (code === 'unrecognized_keys') for (const key of keys) fields[key] = 'is not a known member'
    else fields[path[0]] ??= message
  }
  return { fields }
}
