/** The assessment every fresh installation offers. */
export const demoAssessment = {
  title: 'Express fundamentals',
  minutes: 60,
  intro:
    'Four small pieces of everyday Express work: predict what a program prints, build a middleware pipeline, validate a signup API and harden the headers of a site. Take them in any order; one clock runs for all.',
  aiPolicy:
    'Documentation and search are welcome. Please do not use AI assistants: we want to see how you think.',
}

/** In this order; a pack without them is offered whole. */
export const demoSlugs = [
  'order-of-events',
  'middleware-pipeline',
  'signup-api',
  'security-headers',
]

export const demoCandidate = {
  candidateName: 'Demo Candidate',
  candidateEmail: 'candidate@assay.example',
}
export const demoAdmin = { name: 'Admin', email: 'admin@assay.example' }
