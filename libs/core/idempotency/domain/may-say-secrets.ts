const names = /pass|pwd|pin|secret|token|credential|hash/i

/** Whether there may be a secret in a text. Rather once too often: what looks like the name of one may stand anywhere. */
export function maySaySecrets(text: string): boolean {
  return names.test(text)
}
