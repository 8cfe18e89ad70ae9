export { kazoo } from './kazoo.ts'
