// Writes a container image as an OCI archive, without a container engine: a layer with the base files, one with the
// program, and one with its data folder. The program is gateway or gateway-cluster; the image of the latter has no
// default command, because a role is required. The format is that of the OCI image specification, version 1.1.
//   node deploy/oci/image.mjs --program FILE --base FOLDER --version VERSION [--repository URL] [--revision COMMIT]
//     --out FILE
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { epoch, Layout, sha256, tar } from './layout.mjs';

const { values } = parseArgs({
  options: {
    program: { type: 'string' }, base: { type: 'string' }, version: { type: 'string' }, out: { type: 'string' },
    repository: { type: 'string' }, revision: { type: 'string' },
  },
});
const created = new Date(epoch * 1000).toISOString().replace('.000', '');
const user = 1654;
const program = basename(values.program);
const isCluster = program === 'gateway-cluster';
const title = `policy-${program}`;
const name = `${title}:${values.version}`;
const work = mkdtempSync(join(tmpdir(), 'image-'));
const layout = new Layout();

const layer = (bytes) => ({
  diff: `sha256:${sha256(bytes)}`,
  // The gzip header would contain the operating system; 255 means unknown.
  blob: layout.blob(gzipSync(bytes, { level: 9 }), 'application/vnd.oci.image.layer.v1.tar+gzip'),
});

try {
  const files = join(work, 'program');
  mkdirSync(join(files, 'usr', 'bin'), { recursive: true });
  copyFileSync(values.program, join(files, 'usr', 'bin', program));
  chmodSync(join(files, 'usr', 'bin', program), 0o755);
  const data = join(work, 'data');
  mkdirSync(join(data, 'var', 'lib', 'gateway'), { recursive: true, mode: 0o700 });
  mkdirSync(join(data, 'tmp'));
  chmodSync(join(data, 'tmp'), 0o1777);

  const layers = [
    layer(tar(values.base, ['--exclude=./tmp', '--exclude=./var', '.'], 0)),
    layer(tar(files, [`usr/bin/${program}`], 0)),
    layer(tar(data, ['tmp'], 0)),
    layer(tar(data, ['var/lib/gateway'], user)),
  ];
  const config = layout.json({
    created,
    architecture: 'amd64',
    os: 'linux',
    config: {
      User: `${user}:${user}`,
      WorkingDir: '/var/lib/gateway',
      Env: ['PATH=/usr/bin', 'HOME=/var/lib/gateway', 'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
        'DOTNET_EnableDiagnostics=0'],
      Entrypoint: [`/usr/bin/${program}`],
      Cmd: isCluster ? undefined : ['run', '--data', '/var/lib/gateway', '--listen', 'http://0.0.0.0:8080',
        '--admin-listen', 'http://0.0.0.0:9090'],
      ExposedPorts: Object.fromEntries((isCluster ? [8080, 9090, 11111, 30000] : [8080, 9090])
        .map((port) => [`${port}/tcp`, {}])),
      Volumes: { '/var/lib/gateway': {} },
      StopSignal: 'SIGTERM',
      Labels: {
        'org.opencontainers.image.title': title,
        'org.opencontainers.image.description': isCluster
          ? 'Frontends and silos of an MCP gateway with exact, fleet-wide rate limits'
          : 'An MCP gateway with exact, fleet-wide rate limits',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.version': values.version,
        // A registry uses this label to link the image to its repository.
        ...(values.repository ? { 'org.opencontainers.image.source': values.repository } : {}),
        ...(values.revision ? { 'org.opencontainers.image.revision': values.revision } : {}),
      },
    },
    rootfs: { type: 'layers', diff_ids: layers.map((one) => one.diff) },
  }, 'application/vnd.oci.image.config.v1+json');
  const manifest = layout.manifest(config, layers.map((one) => one.blob));
  // Docker before version 25 does not read OCI archives: add its own manifest for the same blobs.
  const path = (digest) => `blobs/sha256/${digest.replace('sha256:', '')}`;
  layout.add('manifest.json', [{
    Config: path(config.digest),
    RepoTags: [name],
    Layers: layers.map((one) => path(one.blob.digest)),
  }]);
  layout.save({
    ...manifest,
    platform: { architecture: 'amd64', os: 'linux' },
    // The name of the image after an engine loads it: an engine would use the second annotation alone as the full name.
    annotations: {
      'io.containerd.image.name': `docker.io/library/${name}`,
      'org.opencontainers.image.ref.name': values.version,
    },
  }, values.out);
} finally {
  rmSync(work, { recursive: true });
}
