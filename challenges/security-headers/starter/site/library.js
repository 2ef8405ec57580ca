import { readFile } from 'node:fs/promises'

const readData = async (name) =>
  JSON.parse(await readFile(new URL(`../data/${name}.json`, import.meta.url), 'utf8'))

/** The events as they stand now: `{ title, date, cover }[]`. Rejects when the file cannot be read. */
export const readEvents = () => readData('events')

/** The member with this card and pin, or null. Rejects when the file cannot be read. */
export async function findMember(card, pin) {
  const members = await readData('members')
  return members.find((member) => member.card === card && member.pin === pin) ?? null
}
