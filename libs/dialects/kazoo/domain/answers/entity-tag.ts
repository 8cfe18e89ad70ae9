/** The `ETag` of a revision. */
export function entityTag(revision: string): string {
  return `"${revision}"`
}

/** Whether `If-Match` lets the change be made: `*`, or one of its tags is this. Weak ones never are. */
export function isMatch(ifMatch: string, revision: string): boolean {
  return tagsIn(ifMatch).some((tag) => tag === '*' || tag === revision || tag === entityTag(revision))
}

/** Whether `If-None-Match` says that the client has this already. */
export function isKnown(ifNoneMatch: string, revision: string): boolean {
  return isMatch(
    tagsIn(ifNoneMatch)
      .map((tag) => tag.replace(/^W\//, ''))
      .join(),
    revision,
  )
}

/** Revisions have no comma. Clients that take them out of the body send them without quotes. */
function tagsIn(header: string): readonly string[] {
  return header.split(',').map((tag) => tag.trim())
}
