/** How long what became of a request is remembered. */
export class IdempotencyKept {
  constructor(readonly seconds: number) {}
}
