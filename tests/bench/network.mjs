// Networks in Chromium, of 500 dates: how long rules and health take in the page's own wasm, and what drawing up to 5,000
// pairs costs: at first, at a change of the rule, under the pointer, while brushing. `cargo xtask bench --only drawing`.

import { EDGECUMBE, openPage, startChromium, startProduct } from '../browser/product.mjs';

const DATES = 500;
const ROUNDS = 5;
const [product, browser] = await Promise.all([startProduct(), startChromium()]);
const ms = (value) => `${value.toFixed(0)} ms`.padStart(7);
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  const { catalogue } = await (await fetch(`${product.address}/api/v1/config`)).json();
  const { page, context } = await openPage(browser);
  await page.route((url) => url.href.startsWith(catalogue), async (route) => {
    const answer = await route.fetch();
    const json = await answer.json();
    const one = json.items.filter((item) => item.umm.Platforms[0].ShortName === 'SENTINEL-1A');
    const items = Array.from({ length: DATES }, (_, number) => derived(one[number % one.length], number));
    await route.fulfill({ response: answer, json: { ...json, hits: items.length, items }, headers: { ...answer.headers(), 'cmr-hits': String(items.length) } });
  });
  await page.addInitScript(watchTasks);
  await page.goto(`${product.address}/?v=2&burst=${EDGECUMBE.burst}&pol=VV&pairs=n10`);
  await page.getByTestId('stack-count').filter({ hasText: String(DATES) }).waitFor({ timeout: 60_000 });
  const first = await page.evaluate(() => window.settled());
  console.log(`${DATES} dates with ${await line(page)} drawn at first: longest pause ${ms(first)}`);
  await page.locator('details.more > summary').filter({ hasText: 'More rules' }).click();
  await page.getByTestId('show-matrix').check();
  for (const rule of ['n3.d48.b200', 't', 'm', 'n3.d48.b200.j', 't.m.d100.b200.w0701-36-3.y12-3.j', 'd60.b200', 'n10']) await change(page, rule);
  for (const name of ['plot', 'matrix']) await hover(page, name);
  await brush(page);
  await change(page, 'all', 1);
  await change(page, 'n3.d48.b200', 1);
  await context.close();
} finally {
  await browser.close();
  await product.stop();
}

/** Record `number` of a stack with a date every six days. DERIVED from a recorded one: its orbits, another day. */
function derived(item, number) {
  const [year, month, day] = /_(\d{4})(\d\d)(\d\d)T/.exec(item.umm.GranuleUR).slice(1).map(Number);
  const days = (Date.UTC(2015, 0, 2 + 6 * number) - Date.UTC(year, month - 1, day)) / 86_400_000;
  const moved = (y, m, d) => new Date(Date.UTC(y, m - 1, Number(d) + days)).toISOString().slice(0, 10);
  const text = JSON.stringify(item)
    .replace(/(20\d\d)-(\d\d)-(\d\d)/g, (_, y, m, d) => moved(y, m, d))
    .replace(/_(20\d\d)(\d\d)(\d\d)T/g, (_, y, m, d) => `_${moved(y, m, d).replaceAll('-', '')}T`);
  return JSON.parse(text);
}

async function line(page) {
  return (await page.getByTestId('pair-count').textContent()).trim();
}

/** A change of the rule: until the line tells it, until it is drawn, and what the page's own clock says of rule and health. */
async function change(page, rule, rounds = ROUNDS) {
  const times = [];
  for (let round = 0; round < rounds; round += 1) {
    if (rounds > 1) await page.evaluate(setRule, 'n2');
    times.push(await page.evaluate(setRule, rule));
  }
  const of = (key) => median(times.map((time) => time[key]));
  const own = [of('rule'), of('health')].map((value) => value.toFixed(1)).join(' + ');
  console.log(`${rule.padEnd(33)} ${(await line(page)).padEnd(42)} rule + health ${own} ms, told after ${ms(of('told'))}, drawn after ${ms(of('drawn'))}, longest pause ${ms(of('longest'))}`);
}

/** In the page: sets the rule's text and waits until everything has come to rest. */
async function setRule(rule) {
  await window.settled();
  const field = document.querySelector('[data-testid=rule-text]');
  const judged = () => performance.getEntriesByName('health-end', 'mark').length;
  const before = judged();
  const begin = performance.now();
  field.value = rule;
  field.dispatchEvent(new Event('change', { bubbles: true }));
  while (judged() === before) await new Promise((resolve) => setTimeout(resolve));
  const told = performance.now() - begin;
  await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const drawn = performance.now() - begin;
  const mark = (name) => performance.getEntriesByName(name, 'mark').at(-1).startTime;
  const took = (name) => mark(`${name}-end`) - mark(name);
  return { told, drawn, rule: took('rule'), health: took('health'), longest: await window.settled() };
}

async function hover(page, name) {
  const box = await page.getByTestId(name).boundingBox();
  await page.evaluate(() => window.settled());
  for (let step = 0; step < 60; step += 1) {
    await page.mouse.move(box.x + 70 + (box.width - 90) * (step / 60), box.y + box.height * (0.3 + 0.4 * Math.abs(Math.sin(step))));
  }
  console.log(`pointer over the ${name} with ${await line(page)}: longest pause ${ms(await page.evaluate(() => window.settled()))}`);
}

/** Choosing dates along the timeline, and all of them again. */
async function brush(page) {
  const box = await page.getByTestId('plot').boundingBox();
  // Beside the axis, where no date is taken instead.
  const y = box.y + box.height - 8;
  await page.evaluate(() => window.settled());
  await page.mouse.move(box.x + 120, y);
  await page.mouse.down();
  for (let step = 0; step < 40; step += 1) await page.mouse.move(box.x + 120 + (box.width - 200) * (step / 40), y);
  const during = await page.evaluate(() => window.settled());
  await page.mouse.up();
  const after = await page.evaluate(() => window.settled());
  console.log(`brushing: longest pause ${ms(during)}, with ${await line(page)} drawn anew ${ms(after)}`);
  await page.keyboard.press('Control+z');
  console.log(`undo: longest pause ${ms(await page.evaluate(() => window.settled()))}`);
}

/** In the page, before anything else: `settled()` waits for three quiet frames and tells the longest pause since it was last asked. */
function watchTasks() {
  let last = performance.now();
  let longest = 0;
  let quiet = 0;
  const tick = (now) => {
    const pause = now - last;
    quiet = pause < 30 ? quiet + 1 : 0;
    longest = Math.max(longest, pause);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  window.settled = async () => {
    quiet = 0;
    while (quiet < 3) await new Promise(requestAnimationFrame);
    const value = longest;
    longest = 0;
    return value;
  };
}
