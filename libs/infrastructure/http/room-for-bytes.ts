import type { ServerResponse } from 'node:http'
import { finished } from 'node:stream/promises'
import { Places } from '#infrastructure/places'
import { tooManyBodies } from '#rest'

/** A body of bytes is in memory up to four times until it's kept: received, put together, decoded, sent to Postgres. */
const atOnce = 4
const longestWaitMs = 10_000

/** Room for the bytes of so many requests at once. */
export class RoomForBytes {
  private readonly places: Places

  constructor(places = new Places(atOnce, longestWaitMs)) {
    this.places = places
  }

  /** Resolves once there is room, which is kept until the request has been answered or its sender is gone. */
  async enter(response: ServerResponse): Promise<void> {
    const { promise: entered, resolve: enter } = Promise.withResolvers<undefined>()
    const stay = (): Promise<void> => {
      enter(undefined)
      return finished(response).catch(() => undefined)
    }
    await Promise.race([entered, this.places.take(stay, tooManyBodies)])
  }
}
