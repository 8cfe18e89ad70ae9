/** A JSON object from outside or out of storage: what its values are is checked before it's used. */
export type JsonObject = Readonly<Record<string, unknown>>
