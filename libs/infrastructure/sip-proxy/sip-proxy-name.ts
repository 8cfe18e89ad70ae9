/** What kitter calls it towards people. */
export const sipProxyName = 'The sip-proxy'
