export { Places } from './places.ts'
