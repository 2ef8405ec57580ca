import { type ReactNode, useEffect, useRef } from 'react'

/**
 * The one heading of a page. It takes the focus when the page appears, so that a screen reader speaks the new page
 * and the keyboard continues from its top; a page that was loaded by the browser keeps the browser's own start.
 */
export function PageHeading({
  children,
  className,
}: {
  children: ReactNode
  className?: string | undefined
}) {
  const heading = useRef<HTMLHeadingElement>(null)

  // Moving the focus is an effect on the document, not something rendering can express.
  useEffect(() => {
    heading.current?.focus({ preventScroll: true })
  }, [])

  return (
    <h1 ref={heading} tabIndex={-1} className={className}>
      {children}
    </h1>
  )
}
