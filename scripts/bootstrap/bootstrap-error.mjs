/** Something a person has to fix before Assay can run; the message says what. Never a defect of ours. */
export class BootstrapError extends Error {
  name = 'BootstrapError'
}
