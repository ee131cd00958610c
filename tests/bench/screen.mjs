// From the last byte of a preview bundle to its picture on the screen, and from one layer to the next, in Chromium:
// `cargo xtask bench --only screen`. Bundle opened and checked, samples decoded, coloured, put on the map, next frame drawn.

import { launchSummer, openPage, pickEdgecumbe, startChromium, startProduct } from '../browser/product.mjs';

const ROUNDS = 9;
const sorted = (values) => values.toSorted((a, b) => a - b);
const told = (values) => {
  const all = sorted(values);
  return `${all[Math.floor(all.length / 2)].toFixed(0)} ms (${all[0].toFixed(0)} to ${all.at(-1).toFixed(0)}, ${all.length} rounds)`;
};

const [product, browser] = await Promise.all([startProduct(), startChromium()]);
try {
  const address = await finishedRun();
  const rounds = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const figures = await measure(address);
    // The first one warms the machine up.
    if (round > 0) rounds.push(figures);
  }
  const { bytes, width, height } = rounds[0];
  console.log(`one bundle of ${(bytes / 1000).toFixed(0)} kB, quick-looks of ${width} x ${height} pixels`);
  console.log(`last byte to the picture on the screen    ${told(rounds.map((r) => r.first))}`);
  console.log(`another layer to the picture on the screen ${told(rounds.map((r) => r.next))}`);
  console.log('a frame at 60 a second is 17 ms, and the time ends with one');
} finally {
  await browser.close();
  await product.stop();
}

/** The address of a run whose pairs have ended. */
async function finishedRun() {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await pickEdgecumbe(page);
  await launchSummer(page);
  await page.getByTestId('run-state').filter({ hasText: 'done' }).waitFor({ timeout: 180_000 });
  const address = page.url();
  await context.close();
  return address;
}

/** Opens the run in a clean browser; only the first pair's preview is let through, so that one bundle is measured. */
async function measure(address) {
  const { page, context } = await openPage(browser);
  let allowed;
  await page.route('**/api/v1/previews/*', (route) => {
    allowed ??= route.request().url();
    return route.request().url() === allowed ? route.continue() : route.abort();
  });
  await page.addInitScript(() => {
    // The time of the frame after the map shows a picture other than the one before.
    window.pictureAfter = (before) => new Promise((resolve) => {
      const look = () => {
        const picture = document.querySelector('.leaflet-image-layer');
        if (picture?.complete && picture.naturalWidth > 0 && picture.src !== before) {
          requestAnimationFrame(() => resolve(performance.now()));
        } else {
          requestAnimationFrame(look);
        }
      };
      look();
    });
    window.firstPicture = new Promise((resolve) => {
      document.addEventListener('DOMContentLoaded', () => resolve(window.pictureAfter('')));
    });
  });
  await page.goto(address);
  const figures = await page.evaluate(async () => {
    const shown = await window.firstPicture;
    const bundle = performance.getEntriesByType('resource').find((e) => e.name.includes('/api/v1/previews/'));
    const picture = document.querySelector('.leaflet-image-layer');
    const begin = performance.now();
    const changed = window.pictureAfter(picture.src);
    document.querySelectorAll('[data-testid=layers] input')[1].click();
    return {
      first: shown - bundle.responseEnd,
      next: (await changed) - begin,
      bytes: bundle.encodedBodySize,
      width: picture.naturalWidth,
      height: picture.naturalHeight,
    };
  });
  await context.close();
  return figures;
}
