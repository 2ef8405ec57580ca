// @vitest-environment jsdom
import { cleanup, screen, waitFor } from '@testing-library/react'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeApi } from '../../testing/fake-api.ts'
import { renderPage } from '../../testing/render-page.tsx'
import { SignInPage } from './SignInPage.tsx'

afterEach(() => {
  cleanup()
  vi.unstubAllGlobals()
})

async function signIn(page: ReturnType<typeof renderPage>): Promise<void> {
  await page.user.type(screen.getByLabelText('Email'), 'sam@example.org')
  await page.user.type(screen.getByLabelText('Password'), 'correct horse{Enter}')
}

describe('SignInPage', () => {
  it('signs in and goes on to where the reviewer wanted to be', async () => {
    const api = fakeApi({ 'POST /api/auth/sign-in/email': { body: { token: 't' } } })
    const page = renderPage(<SignInPage />, {
      path: '/staff/sign-in?next=%2Fstaff%2Fattempts%2F7',
    })
    await signIn(page)
    await waitFor(() => expect(page.history.at(-1)).toBe('/staff/attempts/7'))
    expect(api.calls[0]?.body).toEqual({ email: 'sam@example.org', password: 'correct horse' })
  })

  it('does not tell which of the two was wrong', async () => {
    fakeApi({
      'POST /api/auth/sign-in/email': { status: 401, body: { message: 'Invalid password' } },
    })
    await signIn(renderPage(<SignInPage />))
    expect(await screen.findByText('The email or the password is not right.')).toBeDefined()
  })

  it('explains a sign-in link that does not open any more', () => {
    fakeApi({})
    renderPage(<SignInPage />, { path: '/staff/sign-in?link=used' })
    expect(screen.getByText(/has been used or has expired/)).toBeDefined()
  })
})
