/** How far work is, in words, and of what is counted towards an end, in numbers. */
export interface ProgressState {
  readonly text: string
  readonly done?: number | undefined
  readonly total?: number | undefined
}

/** Shows how far work is. */
export interface Progress {
  start(state: ProgressState): void
  update(state: ProgressState): void
  /** Something that isn't wrong, but explains why it takes time. */
  say(sentence: string): void
  stop(): void
}
