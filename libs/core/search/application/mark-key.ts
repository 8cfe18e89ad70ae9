/** What marks are sealed with: the same for all replicas, and nobody else's. */
export abstract class MarkKey {
  abstract read(): Promise<Buffer>
}
