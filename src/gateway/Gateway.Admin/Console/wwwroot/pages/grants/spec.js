// Written from the contracts of Gateway.Control; their tests write it with GATEWAY_UPDATE=1.

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
