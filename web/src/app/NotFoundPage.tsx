import { paths } from '../config/paths.ts'
import { ButtonLink } from '../ui/ButtonLink.tsx'
import { PageMessage } from '../ui/PageMessage.tsx'

export function NotFoundPage() {
  return (
    <PageMessage
      title="There is no page at this address"
      action={<ButtonLink href={paths.home.href()}>Go to the start page</ButtonLink>}
    >
      <title>Not found – Assay</title>
      <p>Check the link, or start again from the beginning.</p>
    </PageMessage>
  )
}
