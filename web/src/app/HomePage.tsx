import { paths } from '../config/paths.ts'
import { ButtonLink } from '../ui/ButtonLink.tsx'
import { PageMessage } from '../ui/PageMessage.tsx'

export function HomePage() {
  return (
    <PageMessage
      title="Technical interviews for Node.js"
      action={<ButtonLink href={paths.attempts.href()}>For interviewers</ButtonLink>}
    >
      <title>Assay</title>
      <p>Are you a candidate? Open the personal link from your invitation; it needs no password.</p>
    </PageMessage>
  )
}
