import { migrate, seed } from '../server/tasks.ts'

const [task] = process.argv.slice(2)
if (task === 'migrate') {
  const applied = await migrate()
  console.log(
    applied.length > 0 ? applied.map((name) => `applied ${name}`).join('\n') : 'up to date',
  )
} else if (task === 'seed') {
  console.log(JSON.stringify(await seed(), null, 2))
} else {
  console.error(`database: expected migrate or seed, got '${task ?? ''}'`)
  process.exitCode = 2
}
