import { Injectable } from '@nestjs/common'
import { DomainError, type Origin, PlacesOfEach } from '#kernel'
import { type Domain, parseDomainName } from '#core/domains'
import { type SignedIn, SignInDigests } from '#core/users'
import { signInCrowded, signInRefused, tooManyTries } from '../domain/problems/kazoo-errors.ts'
import { networkOf } from '../domain/signing-in/network-of.ts'
import { CountedTries } from './counted-tries.ts'
import { dialect } from '../domain/dialect-name.ts'
import { SignInPlaces } from './sign-in-places.ts'
import { SignInReports } from './sign-in-reports.ts'
import { Tries, type TriesLimit } from './tries.ts'

export interface SignInTry {
  /** Where the user may be, as far as there are such accounts. It's looked up once it's known that this is no try too many. */
  readonly accounts: (network: string) => Promise<readonly Domain[]>
  readonly digest: string | undefined
  readonly origin: Origin
}

/** Of a network, wherever its users are at home. */
const mostOfNetwork = 200
/**
 * Of a network from which nobody of the account has signed in lately, and of all of those at an account, or at none: they
 * keep nobody out where it's known. Whose name somebody tries, an md5 doesn't tell: the account stands for its users.
 */
const mostOfStranger = 20
const mostByStrangers = 200
/** Of each network: what is counted while it's under way shall not look like many failures. The hash takes one by one. */
const atOnce = 4
const longestWaitMs = 10_000

/** Signing in, as often as is good. */
@Injectable()
export class SignInTries {
  private readonly turns = new PlacesOfEach(atOnce, longestWaitMs)

  constructor(
    private readonly digests: SignInDigests,
    private readonly tries: Tries,
    private readonly places: SignInPlaces,
    private readonly reports: SignInReports,
  ) {}

  /** Counts before it tries, so that many at once are no way around it; what isn't refused has not been a try. */
  signIn(wanted: SignInTry): Promise<SignedIn> {
    const network = networkOf(wanted.origin.address)
    const work = async (): Promise<SignedIn> => {
      const counted = new CountedTries(this.tries)
      try {
        const signedIn = await this.tried(wanted, network, counted)
        await counted.takeBack()
        return signedIn
      } catch (error) {
        if (!isRefusal(error)) await counted.takeBack()
        throw error
      }
    }
    return this.turns.take(network, work, signInCrowded)
  }

  private async tried(wanted: SignInTry, network: string, counted: CountedTries): Promise<SignedIn> {
    const { accounts, digest = '', origin } = wanted
    const pause = await counted.count([{ who: `network ${network}`, most: mostOfNetwork }])
    if (pause !== undefined) throw tooManyTries(pause)
    const found = await accounts(network)
    const pauses: number[] = []
    for (const account of found.length === 0 ? [undefined] : found) {
      const pauseHere = await counted.count(await this.limitsAt(account, network))
      if (pauseHere !== undefined) {
        pauses.push(pauseHere)
        continue
      }
      const signedIn = await this.digests.signIn(dialect, account?.name ?? nowhere, digest)
      if (signedIn === undefined) continue
      await this.places.know(signedIn.user.domain, network)
      return signedIn
    }
    if (pauses.length === Math.max(found.length, 1)) throw tooManyTries(Math.min(...pauses))
    await this.reports.refused(found, origin)
    throw signInRefused()
  }

  private async limitsAt(account: Domain | undefined, network: string): Promise<readonly TriesLimit[]> {
    const stranger = { who: `stranger ${network}`, most: mostOfStranger }
    if (account === undefined) return [stranger, { who: 'strangers nowhere', most: mostByStrangers }]
    if (await this.places.isKnown(account.name, network)) return []
    return [stranger, { who: `strangers at ${account.name}`, most: mostByStrangers }]
  }
}

/** A try there takes as long as one elsewhere. */
const nowhere = parseDomainName('nowhere.invalid')

function isRefusal(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'access.sign_in_refused'
}
