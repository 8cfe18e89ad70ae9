export { wasNotSent } from './was-not-sent.ts'
