import type { RunningServer } from './start-server.ts'

/** The lines a person needs after a start. */
export const describeLinks = ({ origin, seeded }: Pick<RunningServer, 'origin' | 'seeded'>) => {
  const { candidateToken, isDemoInUse, staffToken } = seeded
  const lines = [`Assay is ready at ${origin}`, '']
  if (candidateToken) lines.push(`  Candidate (demo)  ${origin}/i/${candidateToken}`)
  else if (isDemoInUse) lines.push('  Candidate (demo)  the link printed earlier still works')
  lines.push(`  Staff             ${origin}/staff/link/${staffToken}`)
  lines.push('', '  The staff link works once; each start prints a fresh one.', '')
  return lines.join('\n')
}
