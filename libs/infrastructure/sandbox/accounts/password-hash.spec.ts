import { expect, it } from 'vitest'
import { hashPassword, isPassword } from './password-hash.ts'

it('knows a password by its hash', async () => {
  const hash = await hashPassword('correct horse')
  expect(await isPassword(hash, 'correct horse')).toBe(true)
  expect(await isPassword(hash, 'correct hors')).toBe(false)
  expect(await hashPassword('correct horse')).not.toBe(hash)
})

it('knows no password where there is no hash, not even an empty one', async () => {
  expect(await isPassword(undefined, '')).toBe(false)
  expect(await isPassword(undefined, 'correct horse')).toBe(false)
})
