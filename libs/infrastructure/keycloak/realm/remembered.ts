/** What was read is taken again until it is too old; what couldn't be read is asked for anew. Whoever comes meanwhile waits for the one reading. */
export class Remembered<Value> {
  private readonly keptMs: number
  private readonly read: () => Promise<Value>
  private value: Promise<Value> | undefined
  private readAt = 0

  constructor(keptMs: number, read: () => Promise<Value>) {
    this.keptMs = keptMs
    this.read = read
  }

  current(): Promise<Value> {
    if (this.value !== undefined && performance.now() - this.readAt < this.keptMs) return this.value
    const reading = this.read()
    this.value = reading
    this.readAt = performance.now()
    reading.catch(() => {
      if (this.value === reading) this.value = undefined
    })
    return reading
  }
}
