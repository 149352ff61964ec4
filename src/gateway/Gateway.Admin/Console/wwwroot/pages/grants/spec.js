// Written from the contracts of Gateway.Control; their tests write it with GATEWAY_UPDATE=1.

/**
 * A grant as the API takes it, and as the configuration in a response.
 * @typedef {object} GrantSpec
 * @property {Record<string, string | null>} [servers] The policy of each server, by the server's name; null denies every call to it.
 * @property {Record<string, any>} [match] The tokens of an issuer of "identity" that select the grant: "issuer", and "claims" with "path", "op" and "value". In the file, a grant with "match" needs no token.
 * @property {number} [order] The priority among the grants with "match", unique per grant: of the grants that match a caller, the one with the smallest number applies. Required if several grants match tokens of one issuer.
 * @property {string} [expires] The end of the grant: an instant, or a length such as 45m, 12h or 30d. In the file, a length counts from the time at which a gateway first saw the token; elsewhere, from now on. Absent: never.
 * @property {'list' | 'search'} [tools_as] How tools are listed: each by itself, or only three tools that find, describe and call the others.
 * @property {Record<string, any>} [virtual_tools] Tools that replace others, by server and new name, each with "tool" (the replaced tool), "description", "fix", "default" and "schema".
 * @property {string} [description] A note for operators, without effect on calls.
 * @property {Record<string, string>} [labels] Labels by which commands select grants: at most 64 keys and values, with the syntax of Kubernetes labels.
 */

/** @type {import('../../state/spec.js').Member[]} */
export const members = [
  {
    name: 'tools_as', title: "Tools as", kind: 'choice',
    placeholder: 'HOW',
    choices: ['list', 'search'],
    text: "How tools are listed: each by itself, or only three tools that find, describe and call the others.",
  },
  {
    name: 'virtual_tools', title: "Virtual tools", kind: 'json',
    placeholder: 'FILE',
    text: "Tools that replace others, by server and new name, each with \"tool\" (the replaced tool), \"description\", \"fix\", \"default\" and \"schema\".",
  },
  {
    name: 'description', title: "Description", kind: 'text',
    placeholder: 'TEXT',
    lengthMax: 1024,
    text: "A note for operators, without effect on calls.",
  },
  {
    name: 'labels', title: "Labels", kind: 'map',
    placeholder: 'KEY=VALUE',
    text: "Labels by which commands select grants: at most 64 keys and values, with the syntax of Kubernetes labels.",
  },
];
