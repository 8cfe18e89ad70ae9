export const colours = { kitter: '#2f6fb5', directly: '#a9afb8' } as const

const names = { kitter: 'through kitter', directly: 'Keycloak and wac-core directly' } as const

/** A picture that is readable on a dark page, too. */
export function svg(width: number, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="13" fill="#1f2328">`,
    `<rect width="${width}" height="${height}" rx="6" fill="#ffffff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

export function text(x: number, y: number, words: string, weight: 'normal' | 'bold' = 'normal'): string {
  const bold = weight === 'bold' ? ' font-weight="bold"' : ''
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}"${bold}>${escaped(words)}</text>`
}

/** Below the title of a picture. */
export function legend(): string {
  return (['kitter', 'directly'] as const)
    .map((side, index) => {
      const x = 16 + index * 150
      return `<rect x="${x}" y="36" width="12" height="12" fill="${colours[side]}"/>${text(x + 18, 46, names[side])}`
    })
    .join('')
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
