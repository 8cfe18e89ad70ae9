/** Tells a developer how it goes; not on the standard output, which is for the settings. */
export type Say = (sentence: string) => void
