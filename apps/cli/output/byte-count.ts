const units = ['KiB', 'MiB', 'GiB'] as const

/** "12 bytes", "3.4 MiB". */
export function byteCount(number: number): string {
  if (number < 1024) return `${number} byte${number === 1 ? '' : 's'}`
  const power = Math.min(Math.floor(Math.log2(number) / 10), units.length)
  const amount = number / 1024 ** power
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${units[power - 1] ?? ''}`
}
