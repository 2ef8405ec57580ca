import { Badge, type Tone } from '../Badge.tsx'

function toneOf(status: number): Tone {
  if (status >= 500) return 'bad'
  if (status >= 400) return 'warn'
  return status >= 300 ? 'info' : 'good'
}

/** An HTTP status in the colour of its class. */
export function StatusCode({ status, statusText }: { status: number; statusText: string }) {
  return (
    <Badge tone={toneOf(status)}>
      {status} {statusText}
    </Badge>
  )
}
