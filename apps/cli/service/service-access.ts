/** Where the service is and how to get in, with whence each is known, for what is told about them. */
export interface ServiceAccess {
  /** Without a slash at its end; `HTTP_PREFIX` is in it. */
  readonly url: string
  readonly urlSource: string
  readonly token: string
  readonly tokenSource: string
}
