// The map's and the timeline's budgets in Chromium, with the page's own wasm: `cargo xtask bench --only map`.

import { openPage, startChromium, startProduct } from '../browser/product.mjs';

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const last = (numbers, share) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)];

const product = await startProduct();
const browser = await startChromium();
try {
  const { page } = await openPage(browser, { viewport: { width: 1660, height: 1100 } });
  await page.goto(product.address);
  await grid(page);
  await timeline(page);
} finally {
  await browser.close();
  await product.stop();
}

/** Finding and painting the bursts of views, the burst under the pointer, and panning. */
async function grid(page) {
  const canvas = page.getByTestId('grid');
  for (const place of ['30, 10', '48, 11', '57.05, -135.75']) {
    await page.getByTestId('search').fill(place);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => Number(document.querySelector('[data-testid=grid]')?.dataset.count) > 0);
    const zoom = () => page.getByTestId('map').getAttribute('data-view').then((view) => Number(view.split(' ')[2]));
    await page.getByTestId('map').focus();
    while ((await zoom()) > 7.4) {
      const now = await zoom();
      await page.keyboard.press('-');
      await page.waitForFunction((now) => Number(document.querySelector('[data-testid=map]').dataset.view.split(' ')[2]) < now, now);
    }
    const times = [];
    for (let i = 0; i < 12; i += 1) {
      const before = await page.getByTestId('map').getAttribute('data-view');
      await page.keyboard.press(i % 2 ? 'ArrowLeft' : 'ArrowRight');
      await page.waitForFunction((before) => document.querySelector('[data-testid=map]').dataset.view !== before, before);
      times.push((await canvas.getAttribute('data-ms')).split(' ').map(Number));
    }
    const count = Number(await canvas.getAttribute('data-count'));
    const find = median(times.map(([find]) => find));
    const paint = median(times.map(([, paint]) => paint));
    console.log(`view of ${count} bursts at zoom ${await zoom()} near ${place}: found in ${find} ms, painted in ${paint} ms (budget 10 ms for both at 2,000: ${(((find + paint) / count) * 2000).toFixed(1)} ms)`);
  }
  const box = await page.getByTestId('map').boundingBox();
  const point = await page.evaluate(({ x, y, width, height }) => {
    const map = document.querySelector('[data-testid=map]');
    const times = [];
    for (let i = 0; i < 500; i += 1) {
      const at = { clientX: x + width * (0.2 + (0.6 * (i % 25)) / 25), clientY: y + height * (0.2 + (0.6 * i) / 500), bubbles: true };
      const begin = performance.now();
      map.dispatchEvent(new MouseEvent('mousemove', at));
      times.push(performance.now() - begin);
    }
    return times;
  }, box);
  console.log(`pointer to bursts, with Leaflet's event: median ${median(point).toFixed(2)} ms, 99 of 100 ${last(point, 0.99).toFixed(2)} ms (budget 2 ms)`);
  const frames = await duringFrames(page, async () => {
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height / 2);
    await page.mouse.down();
    for (let i = 0; i < 60; i += 1) await page.mouse.move(box.x + box.width * 0.7 - i * 6, box.y + box.height / 2 + i);
    await page.mouse.up();
  });
  console.log(`panning: ${frames}`);
}

/** 500 acquisitions: hovering over all of them. */
async function timeline(page) {
  const day = (i) => new Date(Date.UTC(2015, 0, 1 + i * 6)).toISOString().slice(0, 10).replaceAll('-', '');
  const items = Array.from({ length: 500 }, (_, i) => ({
    umm: {
      GranuleUR: `S1_136231_IW2_${day(i)}T022312_VV_${i.toString(16).toUpperCase().padStart(4, '0')}-BURST`,
      Platforms: [{ ShortName: i % 2 ? 'SENTINEL-1B' : 'SENTINEL-1A' }],
    },
  }));
  const headers = { 'access-control-allow-origin': '*' };
  await page.route('**/granules.umm_json?*', (route) => route.fulfill({ status: 200, headers, json: { hits: 500, items } }));
  const begin = Date.now();
  await page.getByTestId('search').fill('064_136231_IW2');
  await page.keyboard.press('Enter');
  await page.getByTestId('stack-count').filter({ hasText: '500 dates' }).waitFor();
  console.log(`500 acquisitions shown ${Date.now() - begin} ms after Enter`);
  const box = await page.getByTestId('plot').boundingBox();
  const frames = await duringFrames(page, async () => {
    for (let i = 0; i < 120; i += 1) await page.mouse.move(box.x + 70 + ((box.width - 90) * i) / 120, box.y + box.height - 40);
  });
  console.log(`pointing along the timeline of 500: ${frames}`);
}

/** What the time from frame to frame was while something was done. */
async function duringFrames(page, action) {
  await page.evaluate(() => {
    window.frames_ = [];
    let before = performance.now();
    const tick = (now) => {
      window.frames_.push(now - before);
      before = now;
      if (window.frames_) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await action();
  const frames = await page.evaluate(() => window.frames_.slice(2));
  return `${frames.length} frames, median ${median(frames).toFixed(1)} ms, 95 of 100 ${last(frames, 0.95).toFixed(1)} ms, longest ${Math.max(...frames).toFixed(1)} ms`;
}
