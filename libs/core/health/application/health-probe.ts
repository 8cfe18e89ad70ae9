/** One system that kitter needs, and how to see whether it's there. */
export interface HealthProbe {
  readonly name: string
  /** Whether kitter can serve nothing without it. Without the others it serves what it can, and says what is missing. */
  readonly essential: boolean
  /** Throws when it isn't. */
  check(): Promise<void>
}

/** The probes of all systems that are configured. */
export abstract class HealthProbes {
  abstract readonly all: readonly HealthProbe[]
}
