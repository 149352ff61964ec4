// The three sets of the official suite. The fixture must pass the required scenarios directly: the suite does not count
// those of extensions, and a scenario that fails directly shows nothing about the gateway.
const suite = (folder) => new URL(`node_modules/${folder}/dist/index.js`, import.meta.url).pathname;

export const sets = [
  { name: "2025-11-25 by 0.1.16", entry: suite("conformance-legacy"), args: ["--suite", "all"] },
  { name: "2025-11-25 by 0.2.0-alpha.12", entry: suite("conformance-next"), args: ["--requirements", "2025-11-25"] },
  {
    name: "2026-07-28 by 0.2.0-alpha.12", entry: suite("conformance-next"), args: ["--requirements", "2026-07-28"],
    required: [
      "tasks-capability-negotiation", "tasks-dispatch-and-envelope", "tasks-lifecycle", "tasks-mrtr-composition",
      "tasks-mrtr-input", "tasks-request-headers", "tasks-request-state-removal", "tasks-required-task-error",
      "tasks-wire-fields",
    ],
  },
];
