import { Component, type ReactNode } from 'react'
import { Button } from '../ui/Button.tsx'
import { PageMessage } from '../ui/PageMessage.tsx'

interface State {
  hasFailed: boolean
}

/** Shows a way out when rendering throws. React offers this only to classes. */
export class ErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { hasFailed: false }

  static getDerivedStateFromError(): State {
    return { hasFailed: true }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return (
      <PageMessage
        title="This page stopped working"
        action={
          <Button variant="primary" onPress={() => window.location.reload()}>
            Reload the page
          </Button>
        }
      >
        <p>What was shown as saved is safe on the server. Reloading brings you back to it.</p>
      </PageMessage>
    )
  }
}
