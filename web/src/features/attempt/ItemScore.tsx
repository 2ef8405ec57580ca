import type { GradeResult } from '../../../../contract/verdict.ts'
import { formatPoints } from '../../lib/format.ts'
import { Badge, type Tone } from '../../ui/Badge.tsx'

function toneOf(share: number): Tone {
  if (share >= 0.999) return 'good'
  return share >= 0.5 ? 'warn' : 'bad'
}

/** Points of one challenge; a dash before it is graded. */
export function ItemScore({ grade }: { grade: GradeResult | null }) {
  if (grade === null) return <Badge>not graded</Badge>
  const { earned, possible } = grade.score
  return (
    <Badge tone={toneOf(possible === 0 ? 0 : earned / possible)}>
      {formatPoints(earned)}/{formatPoints(possible)}
    </Badge>
  )
}
