import { InvalidArgumentError } from 'commander'

/** An option's value as a whole number of seconds. */
export function seconds(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number of seconds.')
  return Number(text)
}
