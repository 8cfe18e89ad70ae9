export { Places } from './places.ts'
export { wasNotSent } from './was-not-sent.ts'
