// Pulls a chart's artifact from a registry with the real helm, compares it with the archive, and renders it.
//   node deploy/try-chart.mjs HELM ARCHIVE ARTIFACT
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const [helm, archive, artifact] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'try-chart-'));
execFileSync('tar', ['-xf', artifact, '-C', folder]);
const manifest = JSON.parse(readFileSync(join(folder, 'index.json'), 'utf8')).manifests[0];
const version = manifest.annotations['org.opencontainers.image.ref.name'];

// The part of the OCI distribution specification that a pull needs: manifests by tag or digest, and blobs.
const server = createServer((request, response) => {
  const [, kind, name] = /^\/v2\/charts\/policy-gateway\/(manifests|blobs)\/(.+)$/.exec(request.url) ?? [];
  if (!kind) return void response.writeHead(request.url === '/v2/' ? 200 : 404).end();
  const digest = name === version ? manifest.digest : name;
  const bytes = readFileSync(join(folder, 'blobs', 'sha256', digest.replace('sha256:', '')));
  response.writeHead(200, {
    'Content-Type': kind === 'manifests' ? manifest.mediaType : 'application/octet-stream',
    'Docker-Content-Digest': digest,
    'Content-Length': bytes.length,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
try {
  const run = async (...args) => (await promisify(execFile)(helm, args, {
    env: { PATH: process.env.PATH, HOME: folder, KUBECONFIG: '/dev/null' }, maxBuffer: 1 << 26,
  })).stdout;
  const address = `oci://127.0.0.1:${server.address().port}/charts/policy-gateway`;
  await run('pull', address, '--version', version, '--plain-http', '--destination', folder);
  const pulled = join(folder, `policy-gateway-${version}.tgz`);
  if (!readFileSync(pulled).equals(readFileSync(archive)))
    throw new Error('the artifact contains another chart than the archive');
  const rendered = await run('template', 'gw', pulled);
  if (!rendered.includes(`policy-gateway:${version}`))
    throw new Error(`no image in the rendered chart has the version ${version}`);
  const objects = rendered.match(/^kind: /gm).length;
  console.log(`helm pulled version ${version} from a registry and rendered ${objects} objects`);
} finally {
  server.close();
  rmSync(folder, { recursive: true });
}
