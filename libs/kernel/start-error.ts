/** Why kitter can't start, in one sentence for the operator. Apps print it without a stack trace. */
export class StartError extends Error {
  constructor(sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options)
    this.name = 'StartError'
  }
}
