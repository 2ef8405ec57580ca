import { useState } from 'react'
import type { GradeResult, RequirementResult } from '../../../../contract/verdict.ts'
import { formatPoints, plural } from '../../lib/format.ts'
import { Markdown } from '../../lib/markdown/Markdown.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { Button } from '../../ui/Button.tsx'
import { referToBootError } from '../../ui/evidence/boot-error.ts'
import { CaseEvidence } from '../../ui/evidence/CaseEvidence.tsx'
import { failedFirst } from '../../ui/evidence/case-view.ts'
import { Icon } from '../../ui/Icon.tsx'
import styles from './RequirementList.module.css'

/** Each requirement with its points, and its cases inside. The first that is not met is open; one button opens all. */
export function RequirementList({ grade }: { grade: GradeResult }) {
  const ids = grade.requirements.map((requirement) => requirement.id)
  const firstUnmet = grade.requirements.find((requirement) => !requirement.isMet)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(firstUnmet ? [firstUnmet.id] : []))
  const isAllOpen = ids.every((id) => open.has(id))

  const toggle = (id: string, isOpen: boolean): void => {
    const next = new Set(open)
    if (isOpen) next.add(id)
    else next.delete(id)
    setOpen(next)
  }

  return (
    <div>
      <div className={styles.tools}>
        <h2 className={styles.heading}>Requirements</h2>
        <Button variant="quiet" size="small" onPress={() => setOpen(new Set(isAllOpen ? [] : ids))}>
          {isAllOpen ? 'Hide all evidence' : 'Show all evidence'}
        </Button>
      </div>
      <div className={styles.list}>
        {grade.requirements.map((requirement) => (
          <Requirement
            key={requirement.id}
            requirement={requirement}
            grade={grade}
            isOpen={open.has(requirement.id)}
            onToggle={(isOpen) => toggle(requirement.id, isOpen)}
          />
        ))}
      </div>
    </div>
  )
}

function Requirement({
  requirement,
  grade,
  isOpen,
  onToggle,
}: {
  requirement: RequirementResult
  grade: GradeResult
  isOpen: boolean
  onToggle: (isOpen: boolean) => void
}) {
  const cases = failedFirst(grade.cases.filter((one) => one.requirementId === requirement.id))
  const isPartial = !requirement.isMet && requirement.earned > 0
  return (
    <details
      className={styles.requirement}
      open={isOpen}
      onToggle={(event) => onToggle(event.currentTarget.open)}
    >
      <summary className={styles.summary}>
        <span className={styles.chevron}>
          <Icon name="chevronRight" size={14} />
        </span>
        <span className={styles.id}>{requirement.id}</span>
        <span className={styles.text}>
          <Markdown text={requirement.text} baseLevel={3} />
        </span>
        <span className={styles.competency}>{requirement.competency}</span>
        <span className={styles.cases}>
          {requirement.casesPassed} of {plural(requirement.casesTotal, 'case')}
        </span>
        <span className={styles.points}>
          <Badge
            tone={requirement.isMet ? 'good' : isPartial ? 'warn' : 'bad'}
            icon={requirement.isMet ? 'check' : 'cross'}
          >
            {formatPoints(requirement.earned)}/{requirement.points}
          </Badge>
        </span>
      </summary>
      <div className={styles.body}>
        {cases.length === 0 && <p className={styles.none}>No case of this requirement was run.</p>}
        {cases.map((one, index) => (
          <CaseEvidence
            key={one.id}
            case={referToBootError(one, grade.bootError)}
            isRequirementShown={false}
            isInitiallyOpen={index === 0 && one.status !== 'passed' && one.status !== 'not-run'}
          />
        ))}
      </div>
    </details>
  )
}
