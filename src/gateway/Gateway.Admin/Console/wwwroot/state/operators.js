// Written from the table of src/core/Gateway.Policy/Conditions/Operators.cs; its tests write it with GATEWAY_UPDATE=1.

/**
 * By name: the words of a condition, the types of arguments that can be compared (none: all), the JSON Schema
 * of "value", and whether "list" can take its place.
 * @type {Record<string, { words: string, fits: string[], value: JsonSchema, takesList: boolean }>}
 */
export const operators = {
  exists: { words: "is given", fits: [], value: { "type": "boolean" }, takesList: false },
  eq: { words: "is", fits: [], value: {}, takesList: false },
  neq: { words: "is not", fits: [], value: {}, takesList: false },
  in: { words: "is one of", fits: [], value: { "type": "array", "minItems": 1 }, takesList: true },
  not_in: { words: "is none of", fits: [], value: { "type": "array", "minItems": 1 }, takesList: true },
  lt: { words: "is less than", fits: ["number", "integer", "string"], value: { "type": "number" }, takesList: false },
  lte: { words: "is at most", fits: ["number", "integer", "string"], value: { "type": "number" }, takesList: false },
  gt: { words: "is greater than", fits: ["number", "integer", "string"], value: { "type": "number" }, takesList: false },
  gte: { words: "is at least", fits: ["number", "integer", "string"], value: { "type": "number" }, takesList: false },
  between: { words: "is between", fits: ["number", "integer", "string"], value: { "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": ["number", "string"] } }, takesList: false },
  has: { words: "has", fits: [], value: {}, takesList: false },
  contains: { words: "contains", fits: ["string", "array"], value: {}, takesList: false },
  starts_with: { words: "starts with", fits: ["string"], value: { "type": "string" }, takesList: false },
  ends_with: { words: "ends with", fits: ["string"], value: { "type": "string" }, takesList: false },
  matches: { words: "matches", fits: ["string"], value: { "type": "string" }, takesList: false },
  matches_any: { words: "matches one of", fits: ["string"], value: { "type": "array", "minItems": 1, "items": { "type": "string" } }, takesList: false },
  length_lt: { words: "has a length of less than", fits: ["string", "array", "object"], value: { "type": "integer", "minimum": 0 }, takesList: false },
  length_lte: { words: "has a length of at most", fits: ["string", "array", "object"], value: { "type": "integer", "minimum": 0 }, takesList: false },
  length_gt: { words: "has a length of greater than", fits: ["string", "array", "object"], value: { "type": "integer", "minimum": 0 }, takesList: false },
  length_gte: { words: "has a length of at least", fits: ["string", "array", "object"], value: { "type": "integer", "minimum": 0 }, takesList: false },
  host_in: { words: "is a URL of", fits: ["string"], value: { "type": "array", "minItems": 1, "items": { "type": "string" } }, takesList: true },
  path_in: { words: "is a path in", fits: ["string"], value: { "type": "array", "minItems": 1, "maxItems": 100, "items": { "type": "string", "maxLength": 512 } }, takesList: false },
};

/** The names of those that filters on recorded arguments take. */
export const recordOperators = ["eq", "neq", "gt", "gte", "lt", "lte", "contains"];

/** The terms of an approval where an entry has none of its own, from ApprovalTerms.cs. */
export const approval = { expires: "15m", wait: "45s" };
