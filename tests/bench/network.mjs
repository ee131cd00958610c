// Networks in Chromium: how long a change of the rule takes to be seen, and the longest pause of the page while it is
// drawn and while the pointer moves over it. `cargo xtask bench --only drawing`.

import { EDGECUMBE, openPage, startChromium, startProduct } from '../browser/product.mjs';

const [product, browser] = await Promise.all([startProduct(), startChromium()]);
const ms = (value) => `${value.toFixed(0)} ms`;

try {
  const { catalogue } = await (await fetch(`${product.address}/api/v1/config`)).json();
  const { page, context } = await openPage(browser);
  // A stack of 500 dates, DERIVED from the recorded one: its records again, each 2,628 days later.
  await page.route((url) => url.href.startsWith(catalogue), async (route) => {
    const answer = await route.fetch();
    const json = await answer.json();
    const later = [1, 2, 3].flatMap((round) => json.items.map((item) => shifted(item, round * 2_628)));
    const items = [...json.items, ...later].slice(0, 500).map((item) => unplatformed(item));
    await route.fulfill({ response: answer, json: { ...json, hits: items.length, items }, headers: { ...answer.headers(), 'cmr-hits': String(items.length) } });
  });
  await page.goto(`${product.address}/?v=2&burst=${EDGECUMBE.burst}&pol=VV&pairs=n1`);
  await page.getByTestId('stack-count').filter({ hasText: '500' }).waitFor({ timeout: 60_000 });
  await page.locator('details.more > summary').filter({ hasText: 'More rules' }).click();
  await page.evaluate(() => {
    // The longest time between two frames since it was last asked for.
    let last = performance.now();
    let longest = 0;
    const tick = (now) => {
      longest = Math.max(longest, now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    window.longestPause = () => {
      const value = longest;
      longest = 0;
      return value;
    };
  });
  for (const rule of ['n3.d48.b200', 't', 'm', 'n3.d48.b200.j', 'n10']) {
    await page.evaluate(() => window.longestPause());
    const seen = await page.evaluate(async (rule) => {
      const field = document.querySelector('[data-testid=rule-text]');
      const line = document.querySelector('[data-testid=pair-count]');
      const before = line.textContent;
      const begin = performance.now();
      field.value = rule;
      field.dispatchEvent(new Event('change', { bubbles: true }));
      while (line.textContent === before) await new Promise((resolve) => setTimeout(resolve));
      const computed = performance.now() - begin;
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return { computed, drawn: performance.now() - begin, line: line.textContent };
    }, rule);
    const pause = await page.evaluate(() => window.longestPause());
    console.log(`${rule.padEnd(16)} ${seen.line.padEnd(44)} shown after ${ms(seen.computed)}, drawn after ${ms(seen.drawn)}, longest pause ${ms(pause)}`);
  }
  for (const name of ['plot', 'matrix']) {
    const box = await page.getByTestId(name).boundingBox();
    await page.evaluate(() => window.longestPause());
    for (let step = 0; step < 60; step += 1) {
      await page.mouse.move(box.x + 70 + (box.width - 90) * (step / 60), box.y + box.height * (0.3 + 0.4 * Math.abs(Math.sin(step))));
    }
    console.log(`pointer over the ${name} with those pairs: longest pause ${ms(await page.evaluate(() => window.longestPause()))}`);
  }
  await context.close();
} finally {
  await browser.close();
  await product.stop();
}

/** A record so many days later. */
function shifted(item, days) {
  const move = (year, month, day) => new Date(Date.UTC(year, month - 1, Number(day) + days)).toISOString().slice(0, 10);
  const text = JSON.stringify(item)
    .replace(/(20\d\d)-(\d\d)-(\d\d)/g, (_, y, m, d) => move(y, m, d))
    .replace(/_(20\d\d)(\d\d)(\d\d)T/g, (_, y, m, d) => `_${move(y, m, d).replaceAll('-', '')}T`);
  return JSON.parse(text);
}

/** Without its satellite: the derived dates lie beyond the satellites' years. */
function unplatformed(item) {
  return { ...item, umm: { ...item.umm, Platforms: [] } };
}
