// What a browser fetches before the page can be used, compressed as a server would: `cargo xtask bench`.

import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants } from 'node:zlib';

const dist = new URL('../../dist/', import.meta.url);
const html = await readFile(new URL('index.html', dist), 'utf8');
const named = new Set(['index.html']);
for (const [, path] of html.matchAll(/(?:href|src)="\/([^"]+\.(?:css|js|wasm|svg))"/g)) named.add(path);
// The module's script fetches the wasm; the page's script fetches the coarse land.
for (const [path] of html.matchAll(/[\w-]+_bg\.wasm/g)) named.add(path);
named.add('land/110m/world.land');

let total = 0;
for (const path of named) {
  const bytes = await readFile(new URL(path, dist));
  const packed = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  total += packed;
  console.log(`${path.padEnd(50)} ${String(bytes.length).padStart(9)} B ${String(packed).padStart(8)} B brotli`);
}
console.log(`first load ${(total / 1000).toFixed(0)} kB brotli (budget 350 kB for wasm, script and style; ASF Vertex of October 2024: 1,562 kB transferred)`);
