/** Where it lies what a reconciliation compares, and who looked different. */
export const stagingTables = {
  accounts: 'kitter.staged_accounts',
  communications_users: 'kitter.staged_communications_users',
  suspects: 'kitter.suspects',
} as const
