// Merges the parts of a release into one CycloneDX 1.6 document. CycloneDX's tools list the NuGet and npm packages with
// their licences. This script adds the .NET runtime inside programs and the Debian packages of images. It lists a part
// only if one of its files ships, and fails if a shipped file belongs to no part or a part has no licence.
// sbom-licences.json has the licences that packages declare in a form that the tools cannot read. sbom-data.json lists
// data of other projects that a program embeds.
//   node deploy/sbom.mjs --program NAME=DEPS.json... --native NAME=ILC.rsp... --bom FILE... --bundles vendor.lock.json
//     --image-bom FILE... --debian LIST --version VERSION --out FILE
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const list = { type: 'string', multiple: true, default: [] };
const { values } = parseArgs({
  options: {
    program: list, native: list, bom: list, 'image-bom': list, bundles: { type: 'string' }, debian: { type: 'string' },
    version: { type: 'string' }, out: { type: 'string' },
  },
});
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const problems = [];
const parts = new Map(); // by package URL, with the locations of their files

const nested = (part) => [part, ...(part.components ?? []).flatMap(nested)];
const known = new Map(values.bom.flatMap((file) => read(file).components.flatMap(nested))
  .map((part) => [part.purl, part]));

function ship(part, location) {
  const entry = parts.get(part.purl) ?? { part, locations: new Set() };
  entry.locations.add(location);
  parts.set(part.purl, entry);
}

// A program's deps.json names the files that remain after trimming.
for (const program of values.program) {
  const [name, file] = program.split('=');
  const { targets, libraries, runtimeTarget } = read(file);
  for (const [key, library] of Object.entries(targets[runtimeTarget.name])) {
    const files = ['runtime', 'native', 'runtimeTargets'].flatMap((kind) => Object.keys(library[kind] ?? {}));
    const { type } = libraries[key];
    if (files.length === 0 || type === 'project' || (type === 'reference' && /^gateway[./]/i.test(key))) continue;
    const [id, version] = key.replace(/^runtimepack\./, '').split('/');
    const purl = `pkg:nuget/${id}@${version}`;
    const part = type === 'runtimepack'
      ? { type: 'framework', name: id, version, purl }
      : known.get(purl);
    if (!part) {
      problems.push(`${name} contains ${key}, which no list of packages has`);
      continue;
    }
    for (const one of files) ship(part, `${name}/${one.split('/').at(-1)}`);
    if (id.startsWith('Microsoft.NETCore.App.Runtime.')) { // the program's own first bytes come from the same version
      const host = id.replace('.Runtime.', '.Host.');
      ship({ type: 'framework', name: host, version, purl: `pkg:nuget/${host}@${version}` }, name);
    }
  }
}

// The response file of the native compiler names each file that it reads. The code that it keeps is in the program.
const packed = /\/(?<id>[^/]+)\/(?<version>\d[^/]*)\/(?:lib|runtimes)\//;
const frameworks = ['Microsoft.NETCore.App.Runtime.NativeAOT.', 'Microsoft.AspNetCore.App.Runtime.'];
const byLowerCase = new Map([...known].map(([purl, part]) => [purl?.toLowerCase(), part]));
for (const native of values.native) {
  const [name, file] = native.split('=');
  const inputs = readFileSync(file, 'utf8').split('\n').filter((line) => line.startsWith('-r:'));
  if (inputs.length === 0) problems.push(`${file} names no file that the compiler read`);
  for (const input of inputs) {
    if (/\/artifacts\/bin\/Gateway\./.test(input)) continue;
    const { id, version } = packed.exec(input)?.groups ?? {};
    const framework = frameworks.find((one) => id?.startsWith(one.toLowerCase()));
    const cased = framework ? framework + id.slice(framework.length) : id;
    const purl = `pkg:nuget/${cased}@${version}`;
    const part = framework ? { type: 'framework', name: cased, version, purl } : byLowerCase.get(purl);
    if (part) ship(part, name);
    else problems.push(`${name} contains ${input.slice('-r:'.length)}, which no list of packages has`);
  }
}

for (const data of read(new URL('sbom-data.json', import.meta.url))) {
  for (const program of [...values.program, ...values.native]) ship({ type: 'data', ...data }, program.split('=')[0]);
}

for (const [bundle, { packages }] of Object.entries(values.bundles ? read(values.bundles) : {})) {
  for (const [name, { version }] of Object.entries(packages)) {
    const part = known.get(`pkg:npm/${name.replace('@', '%40')}@${version}`);
    if (part) ship(part, `console/vendor/${bundle}`);
    else problems.push(`${bundle} contains ${name} ${version}, which no list of packages has`);
  }
}

for (const file of values['image-bom']) {
  const bom = read(file);
  for (const part of [bom.metadata.component, ...bom.components].flatMap(nested)) {
    ship(part, `image/usr/lib/node_modules/${bom.metadata.component.name}`);
  }
}

for (const line of readFileSync(values.debian, 'utf8').split('\n').filter(Boolean)) {
  const [name, version, file] = line.split(' ');
  const purl = `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=amd64`;
  ship({ type: 'library', name, version, purl }, `image${file}`);
}

const declared = Object.entries(read(new URL('sbom-licences.json', import.meta.url)));
function licensesOf(part) {
  const name = part.purl.split('@')[0];
  const own = declared.find(([key]) => key === name || (key.endsWith('*') && name.startsWith(key.slice(0, -1))));
  if (own) return [{ expression: own[1] }];
  const licenses = part.licenses ?? [];
  if (licenses.length > 0 && licenses.every((one) => one.expression || one.license?.id)) return licenses;
  problems.push(`${part.purl} has no known licence; read it, and add it to deploy/sbom-licences.json`);
  return [];
}

const components = [...parts.values()].map(({ part, locations }) => ({
  type: part.type, 'bom-ref': part.purl, ...(part.group && { group: part.group }), name: part.name,
    version: part.version,
  ...(part.hashes && { hashes: part.hashes }), licenses: licensesOf(part), purl: part.purl,
  evidence: { occurrences: [...locations].sort().map((location) => ({ location })) },
})).sort((a, b) => (a.purl < b.purl ? -1 : 1));
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}

const text = (serial) => `${JSON.stringify({
  bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: `urn:uuid:${serial}`, version: 1,
  metadata: {
    timestamp: new Date(Number(process.env.SOURCE_DATE_EPOCH ?? 0) * 1000).toISOString().replace('.000', ''),
    component: {
      'bom-ref': 'policy-gateway', type: 'application', name: 'policy-gateway', version: values.version,
      licenses: [{ license: { id: 'Apache-2.0' } }],
    },
  },
  components,
}, null, 2)}\n`;

// A UUID of version 8 derived from the content, so that the same release always has the same UUID.
const hex = createHash('sha256').update(text('')).digest('hex');
const variant = (parseInt(hex[16], 16) & 3 | 8).toString(16);
writeFileSync(values.out,
  text(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20,
    32)}`));
console.log(`${values.out}: ${components.length} parts`);
