/** What was said to be JSON documents isn't: where, and what is there instead, to stand after the name of the file. */
export class NotDocuments extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'NotDocuments'
  }
}
