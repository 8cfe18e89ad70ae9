import type { ServerResponse } from 'node:http'
import { finished } from 'node:stream/promises'
import { type DomainError, Places, PlacesOfEach } from '#kernel'

interface Room {
  /** How many requests at once. */
  readonly atOnce: number
  /** How many of them one caller's. */
  readonly ofEach: number
  readonly longestWaitMs?: number
  /** Longer than a request may take to arrive: that one is told what was wrong. */
  readonly longestStayMs?: number
}

const usualWaitMs = 10_000
const usualStayMs = 90_000

/** Those that are being made, each known by all rooms that it has a place in. */
const answers = new WeakMap<ServerResponse, PromiseWithResolvers<undefined>>()

/** To be told of every answer once it is made, also where nobody is there any more to read it. */
export function noteAnswer(response: ServerResponse): void {
  answers.get(response)?.resolve(undefined)
}

function answerOf(response: ServerResponse): Promise<undefined> {
  const answer = answers.get(response) ?? Promise.withResolvers<undefined>()
  answers.set(response, answer)
  return answer.promise
}

/** Room for the bytes of so many requests at once. */
export class RoomForBytes {
  private readonly places: Places
  private readonly own: PlacesOfEach
  private readonly longestStayMs: number
  private readonly crowded: () => DomainError

  constructor(
    { atOnce, ofEach, longestWaitMs = usualWaitMs, longestStayMs = usualStayMs }: Room,
    crowded: () => DomainError,
  ) {
    this.places = new Places(atOnce, longestWaitMs)
    this.own = new PlacesOfEach(ofEach, longestWaitMs)
    this.longestStayMs = longestStayMs
    this.crowded = crowded
  }

  /** Resolves once there is room, which is kept until the answer has been read or the caller is gone, or has been too slow. */
  async enter(caller: string, response: ServerResponse): Promise<void> {
    const { promise: entered, resolve: enter } = Promise.withResolvers<undefined>()
    const stay = (): Promise<void> => {
      enter(undefined)
      return this.left(response)
    }
    const staying = this.own.take(caller, () => this.places.take(stay, this.crowded), this.crowded)
    await Promise.race([entered, staying])
    // nobody would hear the answer
    if (response.req.socket.destroyed) throw this.crowded()
  }

  /** Who hangs up has an answer made for nobody: its room is taken until then, too. */
  private async left(response: ServerResponse): Promise<void> {
    const { promise: tooLong, resolve: giveUp } = Promise.withResolvers<undefined>()
    const late = setTimeout(() => {
      response.req.socket.destroy()
      giveUp(undefined)
    }, this.longestStayMs)
    late.unref()
    await Promise.race([Promise.all([finished(response).catch(() => undefined), answerOf(response)]), tooLong])
    clearTimeout(late)
  }
}
