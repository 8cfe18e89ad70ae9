export { type Call, CallOriginator } from './application/call-originator.ts'
export { noEndpoints } from './domain/call-errors.ts'
