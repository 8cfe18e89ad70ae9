/** What the local part may hold beyond ASCII. */
const beyond = '\\u00a1-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef'
const atom = `[a-zA-Z0-9!#$%&'*+\\-/=?^_\`{|}~${beyond}]+`
const quoted = `(?:[ !#-\\[\\]-~\\u00a0${beyond}]|\\\\[ -~\\u00a0${beyond}])*`
const localPart = `(?:${atom}(?:\\.${atom})*|"(?:${quoted}")?)`

/** No hyphen at an end, and no full-width letter. */
const label = '(?!-)[a-zA-Z0-9\\-\\u00a1-\\uff00\\uff5f-\\uffff\\x{10000}-\\x{10ffff}]{1,63}(?<!-)'
/** Letters of any script; neither a space nor the sign © is one. */
const letters =
  'a-zA-Z\\u00a1-\\u00a8\\u00aa-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff' +
  '\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufefe\\uff00\\uff5f-\\uffef'
const topLevel = `(?:[${letters}]{2,63}|[xX][nN][a-zA-Z0-9\\-]{2,61})(?<!-)`

/**
 * What kitter's core accepts as an email address (`isEmail` of the library validator), as a regular expression of Java.
 * Keycloak's own validator takes `a@localhost` and refuses some international domains. The 64 characters before the @ are
 * bytes in kitter: no regular expression counts those.
 */
export const emailPattern = `^(?=[\\s\\S]{1,64}@[^@]*$)${localPart}@(?:${label}\\.)+${topLevel}$`
