/** How the realm hashes passwords. */
export interface PasswordHashing {
  readonly algorithm: 'argon2' | 'pbkdf2' | 'pbkdf2-sha256' | 'pbkdf2-sha512'
  readonly iterations: number
}

/** Keycloak's iterations, where the realm's policy names none, and the most that it makes. */
const known = {
  argon2: { usual: 5, most: 100 },
  pbkdf2: { usual: 1_300_000, most: 100_000_000 },
  'pbkdf2-sha256': { usual: 600_000, most: 100_000_000 },
  'pbkdf2-sha512': { usual: 210_000, most: 100_000_000 },
}

/** As the policy has it in `hashAlgorithm` and `hashIterations`; nothing where only Keycloak knows how. */
export function passwordHashing(named = 'argon2', iterations?: string): PasswordHashing | undefined {
  const algorithm = algorithms.find((name) => name === named)
  if (algorithm === undefined) return undefined
  const { usual, most } = known[algorithm]
  if (iterations === undefined) return { algorithm, iterations: usual }
  const count = /^\d{1,9}$/.test(iterations) ? Number(iterations) : 0
  return count >= 1 && count <= most ? { algorithm, iterations: count } : undefined
}

const algorithms = ['argon2', 'pbkdf2', 'pbkdf2-sha256', 'pbkdf2-sha512'] as const
