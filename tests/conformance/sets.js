// The three sets of the official suite.
const suite = (folder) => new URL(`node_modules/${folder}/dist/index.js`, import.meta.url).pathname;

export const sets = [
  { name: "2025-11-25 by 0.1.16", entry: suite("conformance-legacy"), args: ["--suite", "all"] },
  { name: "2025-11-25 by 0.2.0-alpha.12", entry: suite("conformance-next"), args: ["--requirements", "2025-11-25"] },
  { name: "2026-07-28 by 0.2.0-alpha.12", entry: suite("conformance-next"), args: ["--requirements", "2026-07-28"] },
];
