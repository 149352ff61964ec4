// An OCI image layout, version 1.1, written as a single archive. Its bytes are reproducible: times are
// SOURCE_DATE_EPOCH, names are sorted, owners are numeric.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const epoch = Number(process.env.SOURCE_DATE_EPOCH ?? 0);

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The bytes of a tar of NAMES below FOLDER, which belong to the user and the group OWNER. */
export const tar = (folder, names, owner) => execFileSync('tar', [
  '--sort=name', `--mtime=@${epoch}`, `--owner=${owner}`, `--group=${owner}`, '--numeric-owner', '--format=gnu',
  '-C', folder, '-c', ...names,
], { maxBuffer: 1 << 30 });

export class Layout {
  #folder = mkdtempSync(join(tmpdir(), 'layout-'));
  #files = ['oci-layout', 'index.json', 'blobs'];

  constructor() {
    mkdirSync(join(this.#folder, 'blobs', 'sha256'), { recursive: true });
    this.#write('oci-layout', { imageLayoutVersion: '1.0.0' });
  }

  /** Keeps BYTES, and returns their descriptor. */
  blob(bytes, mediaType) {
    const digest = sha256(bytes);
    writeFileSync(join(this.#folder, 'blobs', 'sha256', digest), bytes);
    return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
  }

  json(value, mediaType) {
    return this.blob(Buffer.from(JSON.stringify(value)), mediaType);
  }

  manifest(config, layers) {
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    return this.json({ schemaVersion: 2, mediaType, config, layers }, mediaType);
  }

  /** A file of its own beside the layout's, for readers of another form. */
  add(name, value) {
    this.#write(name, value);
    this.#files.push(name);
  }

  /** Writes the archive with one manifest, and deletes what it was made from. */
  save(manifest, file) {
    this.#write('index.json', {
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [manifest],
    });
    writeFileSync(file, tar(this.#folder, this.#files, 0));
    rmSync(this.#folder, { recursive: true });
    console.log(`${file}: ${readFileSync(file).length} bytes, ${manifest.digest}`);
  }

  #write(name, value) {
    writeFileSync(join(this.#folder, name), JSON.stringify(value));
  }
}
