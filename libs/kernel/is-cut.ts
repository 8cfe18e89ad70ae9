/** Whether something that was read ended before its end, in Node's own words: its sender is gone, or was silent for too long. */
export function isCut(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
