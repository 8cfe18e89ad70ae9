export interface Queries {
  /** The rows that a statement gives back; of an INSERT, UPDATE or DELETE those that it returns; of several statements none. */
  rows<Row>(sql: string, ...parameters: readonly unknown[]): Promise<Row[]>
}
