/** Who holds kitter's or the realm's administrative roles. */
export abstract class Administrators {
  abstract includes(userId: string): Promise<boolean>
}
