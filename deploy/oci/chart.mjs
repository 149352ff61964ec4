// Packages the Helm chart as an archive for `helm install`, and as an OCI artifact for a registry.
//   node deploy/oci/chart.mjs --chart FOLDER --version VERSION --repository URL [--registry HOST/PATH] --archive FILE
//     --out FILE
// The chart's version and its appVersion are VERSION; an empty URL keeps the placeholder for the repository's address.
// The registry, if any, becomes the default of the value image.registry.
// Helm's format for OCI artifacts: https://helm.sh/docs/topics/registries/
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { epoch, Layout, tar } from './layout.mjs';

const option = { type: 'string' };
const { values } = parseArgs({
  options: {
    chart: option, version: option, repository: option, registry: option, archive: option, out: option,
  },
});
const { version } = values;
const work = mkdtempSync(join(tmpdir(), 'chart-'));
try {
  // "ci" contains test cases; .helmignore excludes it as well.
  const folder = join(work, 'policy-gateway');
  cpSync(values.chart, folder, { recursive: true, filter: (path) => basename(path) !== 'ci' });
  const file = join(folder, 'Chart.yaml');
  let text = readFileSync(file, 'utf8').replace(/^(version|appVersion): .*$/gm, `$1: ${version}`);
  if (values.repository) text = text.replaceAll('https://policy-gateway.example', values.repository);
  writeFileSync(file, text);
  if (values.registry) {
    const defaults = join(folder, 'values.yaml');
    const before = readFileSync(defaults, 'utf8');
    const after = before.replace('\n  registry: ""\n', `\n  registry: ${values.registry}\n`);
    if (after === before) throw new Error('values.yaml has no empty image.registry');
    writeFileSync(defaults, after);
  }

  const packed = gzipSync(tar(work, ['policy-gateway'], 0), { level: 9 });
  writeFileSync(values.archive, packed);
  const member = (name) => new RegExp(`^${name}: "?([^"\n]*)"?$`, 'm').exec(text)[1];
  const layout = new Layout();
  const config = layout.json({
    ...Object.fromEntries(['name', 'version', 'description', 'apiVersion', 'appVersion', 'kubeVersion', 'type']
      .map((name) => [name, member(name)])),
  }, 'application/vnd.cncf.helm.config.v1+json');
  const content = layout.blob(packed, 'application/vnd.cncf.helm.chart.content.v1.tar+gzip');
  layout.save({
    ...layout.manifest(config, [content]),
    annotations: {
      'org.opencontainers.image.ref.name': version,
      'org.opencontainers.image.created': new Date(epoch * 1000).toISOString().replace('.000', ''),
    },
  }, values.out);
} finally {
  rmSync(work, { recursive: true });
}
