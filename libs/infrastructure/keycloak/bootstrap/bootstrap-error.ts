/** Why a realm can't be made fit, in one sentence for the operator. */
export class BootstrapError extends Error {
  constructor(sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options)
    this.name = 'BootstrapError'
  }
}
