/** What an account's paths begin with; without an id it's one's own. */
export const accountPaths = ['v2/accounts/:account', 'v2/account']
