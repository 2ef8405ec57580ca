/** The user as clients see it: an allow-list, so that a new column stays private. */
export const presentUser = ({ id, email, name, birthDate, plan, seats, newsletter }) => ({
  id,
  email,
  name,
  birthDate,
  plan,
  ...(plan === 'team' && { seats }),
  newsletter,
})
