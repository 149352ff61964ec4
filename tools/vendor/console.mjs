// Makes the console as a release has it: `node console.mjs FOLDER`. What every page needs becomes one script, and each
// page, the charts and the editor become scripts that load on demand. Checks the goal for what the browser loads first.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

const entryBytesMax = 30_000; // of the scripts and the style sheet, compressed
const firstPage = 'pages/overview/page.js';
const source = new URL('../../src/gateway/Gateway.Admin/Console/wwwroot/', import.meta.url).pathname;
const folder = path.resolve(process.argv[2]);
const options = {
  bundle: true, splitting: true, minify: true, format: 'esm', target: 'es2022', legalComments: 'none', metafile: true,
  outdir: folder, chunkNames: 'parts/[hash]', absWorkingDir: source,
};

/** The files that load with a file: of the modules, or of the scripts made of them. */
function withImports(/** @type {Record<string, any>} */ files, /** @type {string} */ name, found = new Set([name])) {
  for (const { path: next, kind } of files[name].imports) {
    if (kind === 'import-statement' && !found.has(next)) withImports(files, next, found.add(next));
  }
  return found;
}

// Modules that different pages use would become scripts of their own. With these imports, each page uses all modules
// that the start needs, so that these become one script.
const { metafile: { inputs } } = await build({ ...options, entryPoints: ['main.js'], write: false });
const common = [...withImports(inputs, 'main.js')].filter(name => name !== 'main.js' && !name.startsWith('pages/'));
const shared = {
  name: 'shared',
  setup: (/** @type {import('esbuild').PluginBuild} */ { onLoad }) =>
    onLoad({ filter: /\/pages\/[^/]+\/page\.js$/ }, ({ path: file }) => ({
      contents: common.map(name => `import ${JSON.stringify(source + name)};`).join('') + readFileSync(file, 'utf8'),
    })),
};

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { metafile: { outputs } } = await build({ ...options, entryPoints: ['main.js', 'app.css'], plugins: [shared] });
for (const image of ['icon.svg', 'vendor/icons.svg']) cpSync(source + image, path.join(folder, image));

const nameOf = (/** @type {string} */ file) => path.relative(folder, path.resolve(source, file));
const outputOf = (/** @type {string} */ module) =>
  /** @type {string} */ (Object.keys(outputs).find(name => outputs[name].entryPoint === module));
const start = withImports(outputs, outputOf('main.js'));
const bytes = [...start, outputOf('app.css')].map(nameOf).reduce(
  (sum, name) => sum + brotliCompressSync(readFileSync(path.join(folder, name))).length, 0);

// The browser requests these at once, and not after the script that imports them.
const preloads = [...start, ...withImports(outputs, outputOf(firstPage))].map(nameOf)
  .filter(name => name !== 'main.js');
writeFileSync(path.join(folder, 'index.html'), readFileSync(`${source}index.html`, 'utf8').replace(/(?=<\/head>)/,
  [...new Set(preloads)].map(name => `  <link rel="modulepreload" href="a/{version}/${name}">\n`).join('')));

console.log(`The console starts with ${start.size} scripts; `
  + `they and the styles have ${bytes} of ${entryBytesMax} bytes.`);
if (bytes > entryBytesMax) process.exitCode = 1;
