import { decodeJwt } from 'jose'
import type { Finding } from '#core/health'
import type { ExaminedRealm } from './examined-realm.ts'

/** As much as kitter lets tokens be off, in seconds; below half of it nothing is said, for tokens tell whole seconds. */
const tolerance = 5

/** By the token that was just issued. */
export function* examineClock({ keycloak }: ExaminedRealm): Generator<Finding> {
  const { iat } = keycloak.accessToken === undefined ? {} : decodeJwt(keycloak.accessToken)
  if (iat !== undefined) yield clockFinding(Math.round(iat - Date.now() / 1000))
}

/** What it means that Keycloak's clock is ahead by so many seconds. */
export function clockFinding(ahead: number): Finding {
  const off = Math.abs(ahead)
  if (off <= tolerance / 2) return { state: 'right', sentence: "Keycloak's clock and kitter's agree" }
  const sentence = `Keycloak's clock is ${off} s ${ahead > 0 ? 'ahead of' : 'behind'} kitter's`
  const mend = `set both by NTP: kitter refuses tokens when they differ by more than ${tolerance} s`
  return { state: off > tolerance ? 'wrong' : 'doubtful', sentence, mend }
}
