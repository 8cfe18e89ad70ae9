export { examineWacCore } from './examine-wac-core.ts'
export { WacCore, type WacCoreSettings } from './wac-core.ts'
export { WacCoreModule } from './wac-core.module.ts'
export {
  domainOf,
  isUsableWacDomain,
  mergedWacDomain,
  newWacDomain,
  type WacDomain,
  type WacDomainBody,
} from './wac-domain.ts'
export { wacDomainHasUsers } from './wac-domain-has-users.ts'
export { ownerIdOf, ownerUriOf, type WacSipMapping } from './wac-sip-mapping.ts'
export { communicationsUserOf, mergedWacUser, newWacUser, type WacUser, type WacUserBody } from './wac-user.ts'
