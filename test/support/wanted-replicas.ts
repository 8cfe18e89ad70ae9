/** How many replicas of kitter answer in turn, where the environment says it. */
export function wantedReplicas({ KITTER_REPLICAS: text }: NodeJS.ProcessEnv = process.env): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]$/.test(text)) throw new Error(`KITTER_REPLICAS is ${text}: it must be 1 to 9.`)
  return Number(text)
}
