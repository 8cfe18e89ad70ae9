/** `$ & + / =`: in an address `%2B` is another user than `+`. `,`, `;` and `?` may stand there, too, and not every parser knows it. */
const plain = /%(?:24|26|2B|2F|3D)/g

/** What stands before the `@` of a SIP address. */
export function sipUser(text: string): string {
  return encodeURIComponent(text).replace(plain, decodeURIComponent)
}
