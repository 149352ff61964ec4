// Makes the console's third-party bundles from the lock: `npm ci && npm run build`. The same bytes each time.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const folder = new URL('../../src/gateway/Gateway.Admin/Console/wwwroot/vendor/', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8'));
const bundles = {};

for (const name of ['ui', 'chart', 'editor']) {
  const { metafile, outputFiles } = await build({
    entryPoints: [`${name}.js`], bundle: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none',
    metafile: true, write: false, outfile: `${name}.js`, absWorkingDir: new URL('.', import.meta.url).pathname,
  });
  const bytes = outputFiles[0].contents;
  writeFileSync(new URL(`${name}.js`, folder), bytes);
  const used = new Set(Object.keys(metafile.inputs)
    .map(path => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  bundles[`${name}.js`] = {
    sha384: createHash('sha384').update(bytes).digest('base64'),
    packages: Object.fromEntries([...used].sort().map(package_ => {
      const { version, license, integrity } = lock.packages[`node_modules/${package_}`];
      return [package_, { version, license, integrity }];
    })),
  };
}
writeFileSync(new URL('vendor.lock.json', folder), JSON.stringify(bundles, null, 2) + '\n');
