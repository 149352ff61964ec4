// Every check of the chart that needs no Kubernetes cluster. `--update` writes the golden files first.
import { cases } from "./chart.mjs";
import { files } from "./checks/files.mjs";
import { golden } from "./checks/golden.mjs";
import { links } from "./checks/links.mjs";
import { notes } from "./checks/notes.mjs";
import { objects } from "./checks/objects.mjs";
import { pods } from "./checks/pods.mjs";
import { planted } from "./checks/planted.mjs";
import { refusals } from "./checks/refusals.mjs";
import { schema } from "./checks/schema.mjs";
import { secrets } from "./checks/secrets.mjs";
import { sum } from "./suite.mjs";

const all = cases();
await golden(all, process.argv.includes("--update"));
await schema(all);
await refusals();
await objects(all);
await pods(all);
await links(all);
await secrets(all);
await notes(all);
await planted(all);
await files();
process.exitCode = sum();
