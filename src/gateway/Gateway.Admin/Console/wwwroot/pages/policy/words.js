// The words for members and values of a policy. A name that is not here is shown in words of its own: `keys_max`, "Keys
// max".

/** By a member's name, or by its parent's and its own. @type {Record<string, string>} */
const labels = {
  '$schema': 'Address of the schema', case_variants: 'Members that differ by case', pin: 'Changed tool definitions',
  show_limits: 'Limits visible to the agent', extensions: 'MCP extensions', record_arguments: 'Recorded arguments',
  'apps.allow': 'Apps allowed', csp: 'Origins of apps', permissions: 'Permissions of apps',
  connectDomains: 'Origins of requests',
  resourceDomains: 'Origins of content', frameDomains: 'Origins of frames', baseUriDomains: 'Origins of base addresses',
  'resources.default': 'Resources in neither list', 'resources.allow': 'Allowed resources',
  'resources.deny': 'Denied resources',
  'prompts.default': 'Prompts in neither list', 'prompts.allow': 'Allowed prompts', 'prompts.deny': 'Denied prompts',
  redact: 'Redactions', 'redact[]': 'Redaction', 'redact.path': 'Path', matches: 'Regular expression',
  known: 'Predefined pattern',
  deny_if: 'Deny if', 'deny_if[]': 'Condition', arguments: 'Arguments', rate_limit: 'Short rate limit', max: 'Maximum',
  max_in_flight: 'Maximum of concurrent calls', rounds: 'Uncounted retries with input', number: 'Parsing of numbers',
  'approval.expires': 'Expires after', 'approval.wait': 'Wait for a decision',
  'approval.approvals': 'Required approvals',
  'approval.not': 'Person who cannot approve', escalate: 'Escalation', 'escalate.after': 'Escalate after',
  'escalate.to': 'Escalation channel',
  zone: 'Time zone', without: 'Calls without a person', increment: 'Cost per call',
  increment_from: 'Argument with the cost',
  by: 'Counter per value', 'by[]': 'Value', as: 'Compare as', keys_max: 'Maximum number of values',
  refund_on_error: 'Refund failed calls',
  notify_at: 'Notification thresholds', wait: 'Wait for room', any: 'Any of', 'any[]': 'Condition', all: 'All of',
  'all[]': 'Condition',
  'tests[]': 'Test', 'tests.name': 'Name of the test', act: 'Acting party',
  'act.subject': 'Subject of the acting party', claims: 'Claims',
  at: 'Time of the call', times: 'Number of calls', expect: 'Expected decision', rule: 'Expected rule',
  class: 'Class of the tool',
  reason: 'Reason sent to the agent', path: 'Path', 'virtual_tools.schema': 'Schema for the agent',
};

/** By a keyword of JSON Schema. @type {Record<string, string>} */
export const keywordLabels = {
  type: 'Type', enum: 'Allowed values', const: 'Exact value',
  required: 'Required arguments', properties: 'Rules for arguments',
  additionalProperties: 'Other arguments', minimum: 'Least value', maximum: 'Greatest value',
  exclusiveMinimum: 'Greater than', exclusiveMaximum: 'Less than', multipleOf: 'Multiple of',
  minLength: 'Least length', maxLength: 'Greatest length', pattern: 'Pattern', format: 'Format',
  minItems: 'Least number of items', maxItems: 'Greatest number of items', uniqueItems: 'Different items',
  items: 'Rule for each item', prefixItems: 'Rules for the first items', contains: 'Rule for some items',
  minContains: 'Least number of such items', maxContains: 'Greatest number of such items',
  minProperties: 'Least number of arguments', maxProperties: 'Greatest number of arguments',
  patternProperties: 'Rules by pattern of the name', propertyNames: 'Rule for names',
  dependentRequired: 'Required with an argument', dependentSchemas: 'Rules with an argument',
  unevaluatedItems: 'Items without a rule', unevaluatedProperties: 'Arguments without a rule',
  allOf: 'All of these rules', anyOf: 'Any of these rules', oneOf: 'Exactly one of these rules', not: 'Not this rule',
  if: 'If', then: 'Then', else: 'Otherwise', default: 'Default', contentSchema: 'Schema of the content',
  $ref: 'Reference', $defs: 'Definitions', definitions: 'Definitions (older name)', $schema: 'Dialect',
  $id: 'Identifier', $anchor: 'Anchor', $comment: 'Comment',
};

/** By a value, a schema's title or a kind of value. @type {Record<string, string>} */
const words = {
  true: 'Yes', false: 'No', const: 'All', array: 'List', object: 'Several values', string: 'Text', boolean: 'Yes or no',
  null: 'Null',
  shadow: 'Record only', ask: 'Ask for approval', rate_limit: 'Refuse by a limit', warn: 'Record only', off: 'Ignore',
  grant: 'The grant', server: 'All grants together', grantor: 'Who admitted the client', caller: 'The caller',
  lower: 'Lower case',
  'A value that counts': 'Argument and comparison', double: 'Double', decimal: 'Decimal or 64-bit integer',
};

/** @param {string} name @param {string} parent a pointer */
export function labelOf(name, parent) {
  const steps = parent.split('/').filter(step => !/^[0-9]*$/.test(step));
  return labels[`${steps.at(-1) ?? ''}.${name}`] ?? labels[name] ?? spaced(name);
}

/** A label within a sentence: "MCP extensions" keeps its capitals. @param {string} label */
export const inner = label => /^[A-Z][a-z]/.test(label) ? label.slice(0, 1).toLowerCase() + label.slice(1) : label;

/** @param {unknown} value */
export const wordOf = value => words[String(value)] ?? spaced(String(value));

/** @param {string} name */
function spaced(name) {
  const plain = name.replace(/\[\]$/, '').replaceAll('_', ' ').replace(/([a-z])([A-Z])/g,
    (_, end, start) => `${end} ${start.toLowerCase()}`);
  return plain.slice(0, 1).toUpperCase() + plain.slice(1);
}
