import type { DomainName } from '#core/domains'

/** Where users sign in, and whence. */
export abstract class SignInPlaces {
  /** Whether somebody of the domain has signed in from this network within the last month. */
  abstract isKnown(domain: DomainName, network: string): Promise<boolean>
  abstract know(domain: DomainName, network: string): Promise<void>
  /**
   * In which somebody has this number. They are few, for anybody may write any number into their users: first those where
   * the network is known, then those that have had such a user for longest.
   */
  abstract withNumber(phoneNumber: string, network: string): Promise<readonly DomainName[]>
}
