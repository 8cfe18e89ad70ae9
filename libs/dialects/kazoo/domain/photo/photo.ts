export interface Photo {
  readonly contentType: string
  readonly bytes: Uint8Array
}
