// for programs that read such files without a service: no framework comes along
export { documentLines } from '../document-lines.ts'
export { LineTooLong } from '../line-too-long.ts'
export { NotDocuments } from '../not-documents.ts'
export { readRecords } from '../read-records.ts'
export { longestLine, splitLines } from '../split-lines.ts'
export { NotGzip, unpack } from '../unpack.ts'
