/** What is changed, in order. In a dry run it's only written down. */
export class Changes {
  private readonly sentences: string[] = []
  private readonly dryRun: boolean

  constructor(dryRun: boolean) {
    this.dryRun = dryRun
  }

  get made(): readonly string[] {
    return [...this.sentences]
  }

  async make(sentence: string, change: () => Promise<unknown>): Promise<void> {
    await this.makeAll([sentence], change)
  }

  /** Several that are one request. */
  async makeAll(sentences: readonly string[], change: () => Promise<unknown>): Promise<void> {
    if (sentences.length === 0) return
    if (!this.dryRun) await change()
    this.sentences.push(...sentences)
  }
}
