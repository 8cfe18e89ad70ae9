import type { Readable } from 'node:stream'
import { isPlainObject, jsonIn } from '#kernel'

/** What wac-core answered, of whatever status. */
export interface WacAnswer {
  readonly status: number
  /** A page for people: from a proxy, or from a place that isn't the service API. */
  readonly isHtml: boolean
  readonly text: string
  /** The `Date` header. */
  readonly date?: string | undefined
}

/** One of which the text comes bit by bit. What is no success, or a page for people, was read already. */
export interface OpenWacAnswer extends WacAnswer {
  readonly body?: Readable | undefined
}

const longestWords = 200

/** The JSON of an answer, or undefined where there is none. */
export function jsonOf({ text, isHtml }: WacAnswer): unknown {
  return isHtml ? undefined : jsonIn(text)
}

export function isSuccess({ status }: WacAnswer): boolean {
  return status >= 200 && status < 300
}

/** What it says, for logs: the status, and the reason that is in `error` or `message`, or the beginning of the text. */
export function wordsOf(answer: WacAnswer): string {
  if (answer.isHtml) return `${answer.status} with an HTML page`
  const json = jsonOf(answer)
  const reason = isPlainObject(json) ? (json['error'] ?? json['message']) : undefined
  const words = (typeof reason === 'string' ? reason : answer.text).replace(/\s+/g, ' ').trim()
  const shown = words.length > longestWords ? `${words.slice(0, longestWords)}…` : words
  return shown === '' ? String(answer.status) : `${answer.status}: ${shown}`
}
