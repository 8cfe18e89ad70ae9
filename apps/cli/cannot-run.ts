/** Why a command can't do its work, in one sentence for whoever called it. It ends with exit code 2, without a stack trace. */
export class CannotRun extends Error {
  constructor(sentence: string, options?: { readonly cause?: unknown }) {
    super(sentence, options)
    this.name = 'CannotRun'
  }
}
