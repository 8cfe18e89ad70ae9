const longestMs = 3000

/** How long one of the questions of a search may take. */
export class SearchTimeLimit {
  constructor(readonly milliseconds = longestMs) {}
}
