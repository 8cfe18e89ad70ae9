import { InvalidArgumentError } from 'commander'

export type Pair = readonly [name: string, value: string]

/** An option's value as a name and what is said of it, with `=` between. */
export function pair(text: string, what: string): Pair {
  const [, name, value] = /^([^=]+)=(.+)$/s.exec(text) ?? []
  if (name === undefined || value === undefined) throw new InvalidArgumentError(`It must be ${what}.`)
  return [name, value]
}
