import { DomainError, invalid } from '#kernel'

export function unknownImport(): DomainError {
  return new DomainError('unknown', 'import.unknown', 'There is no such import.')
}

export function importEnded(): DomainError {
  return new DomainError('conflict', 'import.ended', 'The import has ended already.')
}

export function importNotPaused(): DomainError {
  const sentence = 'The import is not paused: only one that could not go on can be resumed.'
  return new DomainError('conflict', 'import.not_paused', sentence)
}

/** Its rows are made as its starter's, who may have been allowed more than the caller is now. */
export function importOfAnotherRole(): DomainError {
  const sentence = 'The import was started with another role or domain than yours: a kitter-admin may resume it.'
  return new DomainError('forbidden', 'import.other_role', sentence)
}

/** Files wait in kitter's database, which other work needs, too. */
export function importsCrowded(most: string): DomainError {
  const sentence = `Files with more than ${most} wait to be imported already. Nothing was changed.`
  return new DomainError('unavailable', 'import.crowded', sentence, { retryAfter: 60 })
}

/** Whoever began to import its rows spoke it. */
export function dialectMissing(dialect: string): DomainError {
  const sentence = `This kitter doesn't speak ${dialect}: DIALECTS must name it.`
  return new DomainError('unavailable', 'import.dialect_missing', sentence)
}

/** Something about the file as a whole: nothing of it is imported. */
export function fileInvalid(...problems: readonly string[]): DomainError {
  return invalid(problems.map((problem) => ({ path: 'file', problem })))
}

export function fileTooLarge(most: string): DomainError {
  return new DomainError('too_large', 'import.too_large', `The file has more than ${most} when it is unpacked.`)
}

export function fileTypeUnknown(): DomainError {
  const sentence = 'The file must be sent as text/csv or application/x-ndjson, in UTF-8, as it is or packed with gzip.'
  return new DomainError('unsupported_media', 'request.media_type', sentence)
}

export function uploadCut(): DomainError {
  return new DomainError('invalid', 'import.upload_cut', 'The upload ended before the end of the file.')
}
