// Makes the console's third-party bundles from the lock: `npm ci && npm run build`. The same bytes each time.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const folder = new URL('../../src/gateway/Gateway.Admin/Console/wwwroot/vendor/', import.meta.url);
const lock = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8'));
const bundles = {};
// Of lucide-static; components/Icon.js refers to them by these names.
const icons = ['activity', 'book-open', 'chart-line', 'history', 'inbox', 'key-round', 'keyboard', 'layout-dashboard',
  'library',
  'log-out', 'menu', 'moon', 'scale', 'scroll-text', 'search', 'server', 'settings', 'shield-check', 'sun', 'sun-moon',
  'wallet'];

/** @param {string} name @param {Uint8Array} bytes @param {string[]} packages */
function write(name, bytes, packages) {
  writeFileSync(new URL(name, folder), bytes);
  bundles[name] = {
    sha384: createHash('sha384').update(bytes).digest('base64'),
    packages: Object.fromEntries(packages.sort().map(package_ => {
      const { version, license, integrity } = lock.packages[`node_modules/${package_}`];
      return [package_, { version, license, integrity }];
    })),
  };
}

for (const name of ['ui', 'chart', 'editor']) {
  const { metafile, outputFiles } = await build({
    entryPoints: [`${name}.js`], bundle: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none',
    metafile: true, write: false, outfile: `${name}.js`, absWorkingDir: new URL('.', import.meta.url).pathname,
  });
  const used = new Set(Object.keys(metafile.inputs)
    .map(path => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean));
  write(`${name}.js`, outputFiles[0].contents, [...used]);
}

const symbols = icons.map(name => {
  const file = readFileSync(new URL(`node_modules/lucide-static/icons/${name}.svg`, import.meta.url), 'utf8');
  const shapes = /<svg[^>]*>(.*)<\/svg>/s.exec(file)[1].replace(/\s*\n\s*/g, '').replace(/ \/>/g, '/>');
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>\n`;
});
write('icons.svg', Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('')}</svg>\n`),
  ['lucide-static']);
writeFileSync(new URL('vendor.lock.json', folder), JSON.stringify(bundles, null, 2) + '\n');
