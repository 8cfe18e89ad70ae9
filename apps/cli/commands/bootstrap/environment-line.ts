const quotes = ["'", '"', '`'] as const

/** A variable as a line of an `.env` file, quoted where its value needs it. */
export function environmentLine(name: string, value: string): string {
  if (/^[\w.:/@%+,=~-]+$/.test(value)) return `${name}=${value}`
  const quote = quotes.find((candidate) => !value.includes(candidate)) ?? ''
  return `${name}=${quote}${value}${quote}`
}
