import { findJava } from './find-java.ts'
import { keycloakDistribution } from './keycloak-distribution.ts'

/** Fetches and builds Keycloak ahead of the tests, which else do it while they wait. */
const java = findJava(process.env)
if (java === undefined) throw new Error('Keycloak needs Java 17 or newer.')
await keycloakDistribution(java, process.env)
