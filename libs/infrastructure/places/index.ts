export { Places } from './places.ts'
export { PlacesOfEach } from './places-of-each.ts'
