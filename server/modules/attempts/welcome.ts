/** What a candidate reads before the clock. Changing any sentence of it needs a new version: consent names one. */
export const consentVersion = '2026-11-2'

export const scoring =
  'Every requirement is worth the points shown beside it. After you submit, a hidden suite checks each requirement; its points are earned when all its checks pass. Your score is points earned of points possible. People read your code as well and decide.'

export const recordedEvents = [
  {
    name: 'Edits',
    why: 'Every change to your files is stored as you type, with its time, so that nothing is lost and reviewers see the text as it stands.',
  },
  {
    name: 'Runs',
    why: 'Each run is kept with the files it ran, so that reviewers see how the solution grew.',
  },
  {
    name: 'Clock',
    why: 'When you open the link, start and submit, so that everyone gets the same time.',
  },
]
