// Writes a container image as an OCI archive, without a container engine: a layer with the files below the program,
// one with the program, one with its data folder. The program is gateway or gateway-cluster, which has no command: a
// role is to be given. The form is the OCI image specification's, version 1.1.
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
  // The header of gzip would name the system; 255 says unknown.
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
        // A registry links the image to its repository by this.
        ...(values.repository ? { 'org.opencontainers.image.source': values.repository } : {}),
        ...(values.revision ? { 'org.opencontainers.image.revision': values.revision } : {}),
      },
    },
    rootfs: { type: 'layers', diff_ids: layers.map((one) => one.diff) },
  }, 'application/vnd.oci.image.config.v1+json');
  const manifest = layout.manifest(config, layers.map((one) => one.blob));
  // For Docker before 25, which reads no OCI archive: its own list of the same blobs.
  const path = (digest) => `blobs/sha256/${digest.replace('sha256:', '')}`;
  layout.add('manifest.json', [{
    Config: path(config.digest),
    RepoTags: [name],
    Layers: layers.map((one) => path(one.blob.digest)),
  }]);
  layout.save({
    ...manifest,
    platform: { architecture: 'amd64', os: 'linux' },
    // What an engine calls it once it is loaded: the second alone would be taken for the whole name.
    annotations: {
      'io.containerd.image.name': `docker.io/library/${name}`,
      'org.opencontainers.image.ref.name': values.version,
    },
  }, values.out);
} finally {
  rmSync(work, { recursive: true });
}
