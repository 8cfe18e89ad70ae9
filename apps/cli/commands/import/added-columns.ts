/** What is added to refused rows, and left out when they are mended and imported. */
export const addedColumns = ['reason', 'line'] as const
