/** A call of wac-core's service API. */
export interface WacRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the URL of the service API, without a slash before it. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
  /** What of the body must not come back in an error, should wac-core repeat it. */
  readonly secrets?: readonly string[]
}
