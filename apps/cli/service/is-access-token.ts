/** Whether text can stand in an `Authorization: Bearer` header (RFC 6750), so nothing else than a token is sent or printed. */
export function isAccessToken(text: string): boolean {
  return /^[\w~+/.-]+=*$/.test(text)
}
