const shapes = {
  play: 'M5 3.2v9.6L12.6 8z',
  stop: 'M4.5 4.5h7v7h-7z',
  check: 'm3 8.5 3.2 3.2L13 4.8',
  cross: 'm4 4 8 8m0-8-8 8',
  minus: 'M3.5 8h9',
  plus: 'M8 3.5v9M3.5 8h9',
  chevronRight: 'm6 3.5 4.5 4.5L6 12.5',
  chevronDown: 'm3.5 6 4.5 4.5L12.5 6',
  arrowLeft: 'M13 8H3.5m4-4-4 4 4 4',
  file: 'M4 2h5l3 3v9H4zM9 2v3h3',
  lock: 'M4 7.5h8V14H4zM5.5 7.5V5.2a2.5 2.5 0 0 1 5 0v2.3',
  folder: 'M2 4h4l1.5 2H14v7H2z',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 3v3.2l2.2 1.4',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.2v1.3m0 11v1.3m6.8-6.8h-1.3m-11 0H1.2m11.6-4.8-.9.9m-7.8 7.8-.9.9m0-9.6.9.9m7.8 7.8.9.9',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6',
  screen: 'M2 3h12v8H2zM6 13.5h4M8 11v2.5',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  copy: 'M5.5 5.5h8v8h-8zM3 10.5h-.5v-8h8V3',
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5V5h2.5',
  diff: 'M5 2.5v6M2 5.5h6M8.5 12.5H14M3 13.5l10-11',
  send: 'M2.5 8 13.5 3l-3 10.5L7.8 9z',
  list: 'M5.5 4H14M5.5 8H14M5.5 12H14M2.3 4h.01M2.3 8h.01M2.3 12h.01',
  warning: 'M8 2.2 14.5 13.5h-13zM8 6.5v3m0 2.2v.01',
  info: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2m0 5.2v3.6M8 5v.01',
  link: 'M6.5 9.5l3-3M7 4.8l1.3-1.3a3 3 0 0 1 4.2 4.2L11.2 9M9 11.2l-1.3 1.3a3 3 0 0 1-4.2-4.2L4.8 7',
  person: 'M8 2.5a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4M2.8 13.8a5.3 5.3 0 0 1 10.4 0',
} as const

export type IconName = keyof typeof shapes

const filled: ReadonlySet<IconName> = new Set(['play', 'stop'])
const bold: ReadonlySet<IconName> = new Set(['more', 'list'])

/** A decorative 16 px drawing; what it means must also be said in text or in a label. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  const isFilled = filled.has(name)
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 16 16"
      fill={isFilled ? 'currentColor' : 'none'}
      stroke={isFilled ? 'none' : 'currentColor'}
      strokeWidth={bold.has(name) ? 1.9 : 1.4}
      strokeLinecap="round"
      strokeLinejoin="round"
      style={{ flex: 'none' }}
    >
      <path d={shapes[name]} />
    </svg>
  )
}
