export { UserBody, userBodyOf } from './api/user-answers.dto.ts'
export { exampleUser } from './api/user-documentation.ts'
export { changedUserOf, CreateUserFields, newUserOf, UpdateUserBody } from './api/user-requests.dto.ts'
export { accountOf, changeBetween, communicationsUserOf } from './application/account.ts'
export { AccountChanges, type ToldChanges } from './application/account-changes.ts'
export { Administrators } from './application/administrators.ts'
export {
  type CommunicationsUser,
  CommunicationsUsers,
  type KnownCommunicationsUser,
} from './application/communications-users.ts'
export { Credentials, type PasswordOccasion, type PasswordOwner } from './application/credentials.ts'
export { DigestHashing, type DigestOccasion, type DigestPlace } from './application/digest-hashing.ts'
export { requireFreeNames } from './application/free-names.ts'
export {
  type Account,
  type AccountChange,
  type AccountUpdate,
  IdentityDirectory,
} from './application/identity-directory.ts'
export { type DigestHashes, type DigestRecord, SignInDigestRecords } from './application/sign-in-digest-records.ts'
export { type SignedIn, SignInDigests } from './application/sign-in-digests.ts'
export { UserExtensions } from './application/user-extensions.ts'
export { type UserFilter, type UserRecord, UserRecords } from './application/user-records.ts'
export { toldOf as toldOfUser } from './application/told-of.ts'
export { changesUser, takesEmail, takesLoginName } from './application/user-claims.ts'
export { UserTrial } from './application/user-trial.ts'
export { UserSessions } from './application/user-sessions.ts'
export type { SeenUser } from './application/user-sight.ts'
export {
  type ChangedUser,
  type NewUser,
  type UserDecision,
  type UserRemovalDecision,
  UsersService,
} from './application/users.service.ts'
export { checkEmail, emailKey } from './domain/email-address.ts'
export { LoginNames, type LoginNamePolicy } from './domain/login-names.ts'
export type { GivenPassword, HashedPassword, NewPassword } from './domain/password.ts'
export { checkPassword } from './domain/password.ts'
export { type PasswordHash, passwordHashIn, readPasswordHash } from './domain/password-hash.ts'
export { checkPersonName } from './domain/person-name.ts'
export type { SignInDigest } from './domain/sign-in-digest.ts'
export type { SipCredential } from './domain/sip-mapping.ts'
export { isUserId, type User } from './domain/user.ts'
export {
  administratorProtected,
  emailMissing,
  emailTaken,
  hashingCrowded,
  sipMappingTaken,
  unknownUser,
  userDisabled,
  userNameTaken,
} from './domain/user-errors.ts'
export { checkAttributes, isKeptAttribute, type UserAttributes } from './domain/user-attributes.ts'
export type { ExtensionDocument, UserExtension } from './domain/user-extension.ts'
export { checkUserName, parseUserName, type UserName, userName } from './domain/user-name.ts'
export { UsersModule } from './users.module.ts'
