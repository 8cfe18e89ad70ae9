/** As `DIALECTS` has it, and what its documents and digests are kept under. */
export const dialect = 'kazoo'
