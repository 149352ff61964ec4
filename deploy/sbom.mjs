// Writes the list of parts of a release in the form of CycloneDX 1.6: NuGet packages with their checksums, the .NET
// runtime that the program brings, and the Debian packages whose files stand in the images.
//   node deploy/sbom.mjs --assets project.assets.json... --version VERSION --debian LIST --out FILE
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    assets: { type: 'string', multiple: true }, version: { type: 'string' }, debian: { type: 'string' },
    out: { type: 'string' },
  },
});
const assets = values.assets.map((file) => JSON.parse(readFileSync(file, 'utf8')));

const packages = assets.flatMap((one) => Object.entries(one.libraries))
  // What only takes part in the build has neither folder.
  .filter(([, library]) => library.type === 'package' && library.files.some((file) => /^(lib|runtimes)\//.test(file)))
  .map(([key, library]) => {
    const [name, version] = key.split('/');
    return {
      type: 'library', name, version, purl: `pkg:nuget/${name}@${version}`,
      hashes: [{ alg: 'SHA-512', content: Buffer.from(library.sha512, 'base64').toString('hex') }],
    };
  });
// "[10.0.1, 10.0.1]": the exact version of a pack that is downloaded and not referred to.
const packs = assets.flatMap((one) => Object.values(one.project.frameworks))
  .flatMap((framework) => framework.downloadDependencies ?? [])
  .filter((pack) => /\.Runtime\./.test(pack.name))
  .map((pack) => {
    const version = /\[([^,\]]+)/.exec(pack.version)[1];
    return { type: 'framework', name: pack.name, version, purl: `pkg:nuget/${pack.name}@${version}` };
  });
const debian = readFileSync(values.debian, 'utf8').split('\n').filter(Boolean).map((line) => {
  const [name, version] = line.split(' ');
  return { type: 'library', name, version, purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=amd64` };
});
const components = [...packages, ...packs, ...debian]
  .map((part) => ({ 'bom-ref': part.purl, ...part }))
  .sort((a, b) => (a.purl < b.purl ? -1 : a.purl > b.purl ? 1 : 0))
  .filter((part, at, all) => at === 0 || all[at - 1].purl !== part.purl);

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

// A number of version 8 that follows from what is listed, so that the same release has the same one.
const hex = createHash('sha256').update(text('')).digest('hex');
const variant = (parseInt(hex[16], 16) & 3 | 8).toString(16);
writeFileSync(values.out,
  text(`${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`));
console.log(`${values.out}: ${components.length} parts`);
