import type { GradeResult, RequirementResult } from '../../../../contract/verdict.ts'
import { formatPoints, plural } from '../../lib/format.ts'
import { Markdown } from '../../lib/markdown/Markdown.tsx'
import { Badge } from '../../ui/Badge.tsx'
import { CaseEvidence } from '../../ui/evidence/CaseEvidence.tsx'
import { failedFirst } from '../../ui/evidence/case-view.ts'
import { Icon } from '../../ui/Icon.tsx'
import styles from './RequirementList.module.css'

/** Each requirement with its points, and its cases inside; those not met are open. */
export function RequirementList({ grade }: { grade: GradeResult }) {
  return (
    <div className={styles.list}>
      {grade.requirements.map((requirement) => (
        <Requirement key={requirement.id} requirement={requirement} grade={grade} />
      ))}
    </div>
  )
}

function Requirement({
  requirement,
  grade,
}: {
  requirement: RequirementResult
  grade: GradeResult
}) {
  const cases = failedFirst(grade.cases.filter((one) => one.requirementId === requirement.id))
  const isPartial = !requirement.isMet && requirement.earned > 0
  return (
    <details className={styles.requirement} open={!requirement.isMet && cases.length > 0}>
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
            case={one}
            isRequirementShown={false}
            isInitiallyOpen={index === 0 && one.status !== 'passed' && one.status !== 'not-run'}
          />
        ))}
      </div>
    </details>
  )
}
