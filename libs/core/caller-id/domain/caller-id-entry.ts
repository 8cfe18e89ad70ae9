import { checkText } from '#kernel'

/** A row of the sip-proxy's htable: what a caller's number is replaced with. */
export interface CallerIdEntry {
  readonly name: string
  readonly value: string
}

/** The lengths of Kamailio's stock htable columns. */
export const checkEntryName = checkText({ min: 1, max: 64 })
export const checkEntryValue = checkText({ min: 1, max: 128 })
