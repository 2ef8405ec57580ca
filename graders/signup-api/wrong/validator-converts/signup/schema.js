import { body, checkExact, validationResult } from 'express-validator'

const minimumAge = 16
const isDay = (text) => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(text)
  return !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === text
}
const isOldEnough = (text) => {
  const [year, month, day] = text.split('-').map(Number)
  return Date.UTC(year + minimumAge, month - 1, day) <= Date.now()
}
const repeatsEmail = (password, email) => {
  const [name] = String(email).trim().toLowerCase().split('@')
  return name.length >= 4 && String(password).toLowerCase().includes(name)
}

const rules = [
  body('email').exists().bail().trim().isLength({ max: 254 }).isEmail().toLowerCase(),
  body('password')
    .exists()
    .bail()
    .isLength({ min: 12, max: 128 })
    .custom((password, { req }) => !repeatsEmail(password, req.body.email)),
  body('name').exists().bail().trim().isLength({ min: 1, max: 80 }),
  body('birthDate').exists().bail().custom(isDay).bail().custom(isOldEnough),
  body('terms').equals('true'),
  body('plan').optional().isIn(['free', 'team']),
  body('seats').custom((seats, { req }) => {
    const isTeam = req.body.plan === 'team'
    return isTeam ? Number(seats) >= 2 && Number(seats) <= 500 && Number.isInteger(Number(seats)) : seats === undefined
  }),
  body('newsletter').optional().isBoolean().toBoolean(),
]

/** Checks a body that is a JSON object; see the solution. */
export async function readSignup(value) {
  const req = { body: value }
  await checkExact(rules, { locations: ['body'] }).run(req)
  const errors = validationResult(req).array({ onlyFirstError: true })
  if (errors.length === 0) return { value: { plan: 'free', newsletter: false, ...req.body } }
  const fields = Object.create(null)
  for (const { type, path, fields: unknown } of errors) {
    if (type === 'unknown_fields') for (const one of unknown) fields[one.path] = 'is not known'
    else fields[path] ??= 'is not valid'
  }
  return { fields }
}
