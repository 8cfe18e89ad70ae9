/** An answer without the envelope. */
export class RawAnswer {
  constructor(
    readonly body: Buffer,
    readonly headers: Readonly<Record<string, string>>,
  ) {}
}
