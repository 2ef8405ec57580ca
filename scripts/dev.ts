import { spawn } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** The page is built again and the server starts again whenever their files change. */
const programs = [
  ['node_modules/vite/bin/vite.js', 'build', 'web', '--config', 'web/vite.config.ts', '--watch'],
  ['--watch', 'server/main.ts'],
]

const children = programs.map((args) =>
  spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] }),
)
const stop = (exitCode: number) => {
  for (const child of children) child.kill('SIGTERM')
  process.exitCode = exitCode
}
for (const child of children) child.on('exit', (code) => stop(code ?? 0))
process.on('SIGINT', () => stop(0))
process.on('SIGTERM', () => stop(0))
