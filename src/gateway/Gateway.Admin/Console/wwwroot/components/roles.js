// The roles of people and of programs, with what each may do.

/** @type {Record<string, string>} */
export const roleTexts = {
  approver: 'Approve or deny calls that wait for a person. Cannot see or change anything else.',
  viewer: 'See everything, change nothing.',
  editor: 'See everything; change servers, policies, grants and budgets. Cannot approve calls or manage operators.',
  member: 'Connect an AI client of their own. Cannot see or change anything else.',
  admin: 'See and change everything, including operators.',
};

/** @type {Record<string, string>} */
export const programRoleTexts = {
  service: 'For a program: charge budgets with an API key.',
  agent: 'For an agent of an operator: see everything and pause, over /admin/mcp.',
};

/** "approver for crm and billing" @param {string[]} roles */
export function rolesInWords(roles) {
  /** @type {Map<string, string[]>} */
  const servers = new Map();
  for (const role of roles) {
    const [name, server] = role.split(':');
    servers.set(name, [...servers.get(name) ?? [], ...server ? [server] : []]);
  }
  return list([...servers].map(([name, some]) => some.length > 0 ? `${name} for ${list(some)}` : name));
}

/** @param {string[]} words */
const list = words => words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
