export { type Call, CallOriginator } from './application/call-originator.ts'
export { NoEndpoints } from './domain/no-endpoints.ts'
