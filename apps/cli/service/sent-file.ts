/** A file as the body of a request. It's read anew each time that the request is sent. */
export interface SentFile {
  /** Its media type. */
  readonly type: string
  /** Whether it is packed with gzip. */
  readonly isPacked: boolean
  /** In bytes. */
  readonly size: number
  readonly chunks: () => AsyncIterable<Uint8Array>
  /** Learns how many bytes of it are on their way. */
  readonly onSent: (bytes: number) => void
  /** Breaks the sending off; what has been sent to its end is waited for. */
  readonly signal: AbortSignal
}
