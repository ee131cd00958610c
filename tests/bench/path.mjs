// Times of the path on this computer: start, one pair from launch to preview, seven pairs. `cargo xtask bench`.

import { startProduct } from '../browser/product.mjs';

const ROUNDS = 3;
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

const starts = [];
let product;
for (let round = 0; round < ROUNDS; round += 1) {
  await product?.stop();
  const begin = performance.now();
  product = await startProduct();
  starts.push(performance.now() - begin);
}

try {
  const { catalogue } = await ask('/api/v1/config');
  const query = new URLSearchParams([
    ['attribute[]', 'string,BURST_ID_FULL,174_372326_IW3'], ['attribute[]', 'string,POLARIZATION,VV'],
    ['page_size', '2000'], ['sort_key[]', 'start_date'],
  ]);
  const { items } = await (await fetch(`${catalogue}?${query}`)).json();
  const names = items.map((item) => item.umm.GranuleUR).filter((name) => /_2018(06|07|08)/.test(name));
  const pairs = names.slice(1).map((name, index) => [names[index], name]);
  const cookie = await product.session('writer');
  const one = [];
  for (let round = 0; round < ROUNDS; round += 1) one.push(await launchAndWait(cookie, [pairs[round]], round));
  const seven = await launchAndWait(cookie, pairs.slice(0, 7), 'all');
  console.log(`start when everything is built, to the ready line    ${seconds(median(starts))} (median of ${ROUNDS})`);
  console.log(`one pair, from launch to preview in hand             ${seconds(median(one))} (median of ${ROUNDS})`);
  console.log(`seven pairs, from launch to the last preview         ${seconds(seven)}`);
} finally {
  await product.stop();
}

async function ask(path, options = {}) {
  const answer = await fetch(`${product.address}${path}`, options);
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

async function launchAndWait(cookie, pairs, mark) {
  const begin = performance.now();
  const launch = {
    burst: '174_372326_IW3', polarization: 'VV', looks: '20x4', pairs, batch: `bench${String(mark)}x`,
  };
  const { runs } = await ask('/api/v1/launches', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.address, cookie },
    body: JSON.stringify(launch),
  });
  for (;;) {
    const run = await ask(`/api/v1/runs/${runs[0].run}`);
    const previews = run.pairs.map((pair) => pair.preview).filter(Boolean);
    if (previews.length === pairs.length) {
      await Promise.all(previews.map((preview) => fetch(`${product.address}/api/v1/previews/${preview.id}`)));
      return performance.now() - begin;
    }
    if (['failed', 'cancelled'].includes(run.state)) throw new Error(`the run ended as ${run.state}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
