import { paths } from '../../config/paths.ts'
import { ButtonLink } from '../../ui/ButtonLink.tsx'
import { PageMessage } from '../../ui/PageMessage.tsx'

/**
 * A staff link signs in on the server and leads on from there. This page is reached only when the app itself
 * followed such a link, so it hands the address back to the server.
 */
export function StaffLinkPage({ token }: { token: string }) {
  return (
    <PageMessage
      title="Open your sign-in link"
      action={<ButtonLink href={paths.signIn.href()}>Sign in with a password</ButtonLink>}
    >
      <title>Sign-in link – Assay</title>
      <p>
        <a href={paths.staffLink.href(token)}>Use this sign-in link</a>. If it brings you back here,
        it has been used or has expired.
      </p>
    </PageMessage>
  )
}
