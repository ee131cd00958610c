// Networks: rules, plot, matrix and table do the same, and the page, the processor and a link agree on the pairs.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { EDGECUMBE, openPage, pickEdgecumbe, startChromium, startProduct } from './product.mjs';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url).pathname;
let product;
let browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), startChromium()]);
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

/** Opens the burst with a rule, `n1` over the summer of 2018 if nothing is said. */
async function open(query = 'pairs=n1&from=20180601&to=20180831', options = {}) {
  const opened = await openPage(browser, options);
  await opened.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await opened.page.goto(`${product.address}/?v=2&burst=${EDGECUMBE.burst}&pol=VV&${query}`);
  await opened.page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
  return opened;
}

const pairs = (page, count) => page.getByTestId('pair-count').filter({ hasText: new RegExp(`^${count} pairs? `) }).waitFor();
const unfold = (page, summary) => page.locator('details.more > summary').filter({ hasText: summary }).click();

/** What a copy button puts into the clipboard. */
async function copied(page, button) {
  await page.getByTestId(button).click();
  await page.getByTestId(button).filter({ hasText: 'Copied' }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** Where the dates that the rule uses lie in the plot, oldest first, in pixels of the page. */
async function dates(page) {
  return page.evaluate(() => {
    const svg = document.querySelector('[data-testid=plot] svg');
    const box = svg.getBoundingClientRect();
    const spots = [];
    for (const path of svg.querySelectorAll('path.dates:not(.out)')) {
      for (const [, x, y] of (path.getAttribute('d') ?? '').matchAll(/M(-?[\d.]+) (-?[\d.]+)a([\d.]+)/g)) {
        spots.push([box.x + Number(x) + 3.5, box.y + Number(y)]);
      }
    }
    return spots.sort((a, b) => a[0] - b[0]);
  });
}

test('a newcomer begins with three nearest dates within 48 days and 200 m', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);
  await pickEdgecumbe(page);
  await unfold(page, 'More rules');
  assert.equal(await page.getByTestId('rule-text').inputValue(), 'n3.d48.b200');
  assert.match(page.url(), /pairs=n3\.d48\.b200/);
  // So does whoever comes with a question alone; a link with a burst means what it always meant.
  await page.goto(`${product.address}/?at=${EDGECUMBE.lon},${EDGECUMBE.lat}`);
  await page.locator(`[data-testid=burst-option][data-burst="${EDGECUMBE.burst}"]`).click();
  await page.waitForURL(/burst=.*pairs=n3\.d48\.b200/);
  await page.goto(`${product.address}/?burst=${EDGECUMBE.burst}`);
  await pairs(page, 165);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the page and the processor make the same pairs of a link', async () => {
  const { catalogue } = await (await fetch(`${product.address}/api/v1/config`)).json();
  for (const rule of ['n1', 'n3.d48.b200.j', 't.m.d100.s0601-0930.w0801-60-1.y15-1.j']) {
    const { page, context } = await open(`pairs=${rule}&from=20180101&to=20191231`);
    await unfold(page, 'Import and more');
    const shown = JSON.parse(await copied(page, 'copy-json')).map((p) => `${p.reference} ${p.secondary}`);
    assert.ok(shown.length > 50, `${rule}: ${shown.length}`);
    const range = ['--start', '2018-01-01', '--end', '2019-12-31'];
    const { stdout } = await run(
      `${root}target/debug/processor`,
      ['pairs', '--burst', EDGECUMBE.burst, '--rule', rule, ...range, '--catalogue', catalogue],
    );
    const made = [...stdout.matchAll(/^(\d{8})_(\d{8}) /gm)].map(([, a, b]) => `${a} ${b}`);
    const days = shown.map((line) => line.split(' ').map((name) => name.slice(14, 22)).join(' '));
    assert.deepEqual(days, made, rule);
    await context.close();
  }
});

test('dates are dragged together, pairs dropped, locked and taken back in the plot', async () => {
  const { page, context, complaints } = await open();
  await pairs(page, 7);
  const spots = await dates(page);
  assert.equal(spots.length, 8);
  await page.mouse.move(...spots[0]);
  await page.mouse.down();
  await page.mouse.move(...spots[2], { steps: 5 });
  await page.mouse.up();
  await pairs(page, 8);
  await page.getByTestId('said').filter({ hasText: '2018-06-04 – 2018-06-28 added' }).waitFor();

  const middle = [(spots[5][0] + spots[6][0]) / 2, (spots[5][1] + spots[6][1]) / 2];
  await page.keyboard.down('Shift');
  await page.mouse.click(...middle);
  await page.keyboard.up('Shift');
  const row = page.locator('[data-testid=pair-row][data-pair="20180803_20180815"]');
  await row.getByRole('button', { name: 'Unlock 20180803_20180815' }).waitFor();
  await page.mouse.click(...middle);
  await page.getByTestId('said').filter({ hasText: 'is locked' }).waitFor();
  await pairs(page, 8);

  // The locked pair outlives a rule that does not have it; the link carries it all.
  await page.getByTestId('rule-n').selectOption('0');
  await pairs(page, 2);
  const other = await openPage(browser);
  await other.page.goto(page.url());
  await pairs(other.page, 2);
  await other.page.getByRole('button', { name: 'Unlock 20180803_20180815' }).waitFor();
  await other.context.close();

  for (const count of [8, 8, 7]) {
    await page.keyboard.press('Control+z');
    await pairs(page, count);
  }
  assert.equal(await page.getByRole('button', { name: /^Unlock/ }).count(), 0);
  await page.mouse.click(...middle);
  await pairs(page, 6);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the matrix does by pointer and by keys what the plot does', async () => {
  const { page, context, complaints } = await open();
  await pairs(page, 7);
  const matrix = page.getByTestId('matrix').locator('svg');
  await matrix.focus();
  // Begins at the last two dates of the stack's list; the summer is reached by its own keys.
  const cell = await page.evaluate(() => {
    const svg = document.querySelector('[data-testid=matrix] svg');
    const box = svg.getBoundingClientRect();
    const cells = [...svg.querySelectorAll('.cells.plan:not([style]) path')].flatMap((path) => (
      [...path.getAttribute('d').matchAll(/M([\d.]+) ([\d.]+)h([\d.]+)/g)]
    )).map(([, x, y, side]) => [box.x + Number(x) + side / 2, box.y + Number(y) + side / 2]);
    return cells[0];
  });
  await page.mouse.click(...cell);
  await pairs(page, 6);
  await page.mouse.click(...cell);
  await pairs(page, 7);
  await page.keyboard.press('l');
  await page.getByRole('button', { name: /^Unlock/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('said').filter({ hasText: 'is locked' }).waitFor();
  await page.keyboard.press('l');
  // One date on: a pair that is not there, made by Enter and taken out by Delete.
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await pairs(page, 8);
  await page.keyboard.press('Delete');
  await pairs(page, 7);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the table adds, locks and drops without a pointer', async () => {
  const { page, context, complaints } = await open();
  await pairs(page, 7);
  await page.getByTestId('add-first').fill('2018-08-27');
  await page.getByTestId('add-second').fill('2018-06-04');
  await page.getByTestId('add-pair').focus();
  await page.keyboard.press('Enter');
  await pairs(page, 8);
  const row = page.locator('[data-testid=pair-row][data-pair="20180604_20180827"]');
  await row.getByTestId('lock').focus();
  await page.keyboard.press('Enter');
  await row.getByTestId('drop').and(page.locator(':disabled')).waitFor();
  await row.getByTestId('lock').focus();
  await page.keyboard.press('Enter');
  await row.getByTestId('drop').focus();
  await page.keyboard.press('Enter');
  await pairs(page, 7);
  await page.getByTestId('add-second').fill('2018-06-05');
  await page.getByTestId('add-pair').click();
  await page.getByTestId('said').filter({ hasText: 'no acquisition on 2018-06-05' }).waitFor();
  assert.deepEqual(complaints, []);
  await context.close();
});

/** The numbers of a column, row by row as they stand; NaN for a dash. */
const column = (page, index) => page.getByTestId('pair-row').evaluateAll(
  (rows, index) => rows.map((row) => parseFloat(row.cells[index].innerText.replace('−', '-'))), index,
);

test('the table is sorted by any column, by keys too, and says how', async () => {
  const { page, context, complaints } = await open('pairs=n3&from=20180601&to=20181231');
  await pairs(page, 48);
  const head = (name) => page.getByRole('columnheader', { name });
  const sorted = (name, how) => head(name).and(page.locator(`[aria-sort=${how}]`)).waitFor();
  const rise = (numbers) => numbers.toSorted((a, b) => a - b);
  await sorted('Reference', 'ascending');
  for (const [name, index] of [['Days', 2], ['B⊥', 3], ['γ', 4]]) {
    await head(name).getByRole('button').focus();
    await page.keyboard.press('Enter');
    await sorted(name, 'ascending');
    const up = await column(page, index);
    assert.ok(new Set(up).size > 2, `${name}: ${up}`);
    assert.deepEqual(up, rise(up), name);
    await page.keyboard.press('Enter');
    await sorted(name, 'descending');
    const down = await column(page, index);
    assert.deepEqual(down, rise(down).toReversed(), name);
  }
  await sorted('Reference', 'none');
  // A pair that is dropped takes its own row out and leaves the order.
  const worst = await page.getByTestId('pair-row').last().getAttribute('data-pair');
  await page.locator(`[data-pair="${worst}"]`).getByTestId('drop').click();
  await pairs(page, 47);
  const left = await column(page, 4);
  assert.deepEqual(left, rise(left).toReversed());
  assert.equal(await page.locator(`[data-testid=pair-row][data-pair="${worst}"]`).count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('rules combine, separate parts are told and joined, a wrong rule says what it can be', async () => {
  const { page, context, complaints } = await open('pairs=n3.d48.b200');
  await unfold(page, 'More rules');
  await unfold(page, 'Health and cost');
  await page.getByTestId('rule-season').check();
  await page.getByTestId('pair-count').filter({ hasText: 'in 7 parts' }).waitFor();
  assert.equal(await page.getByTestId('parts').locator('li').count(), 7);
  await page.getByTestId('join').click();
  await page.getByTestId('pair-count').filter({ hasText: 'connected' }).waitFor();
  assert.equal(await page.getByTestId('rule-text').inputValue(), 'n3.d48.b200.s0601-0930.j');
  await page.getByTestId('plans').getByRole('row', { name: /^Enterprise 500/ }).waitFor();

  await page.getByTestId('rule-text').fill('n3.q');
  await page.keyboard.press('Enter');
  await page.locator('#rule-finding').filter({ hasText: '"q" cannot be read' }).waitFor();
  await page.getByTestId('rule-text').fill('n1');
  await page.keyboard.press('Enter');
  await pairs(page, 165);
  for (const [rule, count] of [['n3', 492], ['d24', 286], ['d36', 415], ['d48', 567]]) {
    await page.getByTestId('rule-text').fill(rule);
    await page.keyboard.press('Enter');
    await pairs(page, count);
  }
  assert.deepEqual(complaints, []);
  await context.close();
});

test('the end of a season is dragged in the timeline', async () => {
  const { page, context } = await open('pairs=n3.s0601-0930&from=20180101&to=20181231');
  const edge = await page.evaluate(() => {
    const svg = document.querySelector('[data-testid=plot] svg');
    const box = svg.getBoundingClientRect();
    const [, last] = [...svg.querySelector('path.season-end').getAttribute('d').matchAll(/M([\d.]+) ([\d.]+)V([\d.]+)/g)];
    return [box.x + Number(last[1]), box.y + Number(last[3]) - 3];
  });
  await page.mouse.move(...edge);
  await page.mouse.down();
  await page.mouse.move(edge[0] + 60, edge[1], { steps: 4 });
  await page.mouse.up();
  await page.waitForURL((url) => /s0601-1[01]\d\d/.test(url.searchParams.get('pairs')));
  await context.close();
});

test('what is exported is read again, and what is no list is told', async () => {
  const { page, context, complaints } = await open('pairs=n2&from=20180601&to=20180831&drop=18v197');
  await pairs(page, 12);
  await unfold(page, 'Import and more');
  const before = new URL(page.url()).search;
  for (const button of ['copy-csv', 'copy-json', 'copy-scene-ids', 'copy-hyp3', 'copy-plan-command']) {
    const list = await copied(page, button);
    await page.getByTestId('rule-n').selectOption('1');
    await page.getByTestId('import').fill(list);
    await page.getByTestId('import-read').click();
    await pairs(page, 12);
    await page.getByTestId('said').filter({ hasText: '12 pairs read' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.waitForFunction((query) => window.location.search === query, before);
  }
  await page.getByTestId('import').fill('2018-06-04,2018-06-16,2018-06-28');
  await page.getByTestId('import-read').click();
  await page.getByTestId('import-finding').filter({ hasText: 'line 1 has 3 days' }).waitFor();
  await pairs(page, 12);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('5,000 pairs: the table stays small and the last row can be reached', async () => {
  const { page, context, complaints } = await open('pairs=n36');
  await page.getByTestId('pair-count').filter({ hasText: /^5.\d\d\d pairs/ }).waitFor();
  assert.ok(await page.getByTestId('pair-row').count() <= 48);
  await page.getByRole('region', { name: 'Pairs', exact: true }).evaluate((table) => { table.scrollTop = table.scrollHeight; });
  await page.locator('[data-testid=pair-row][data-pair="20211209_20211221"]').waitFor();
  // Sorted anew it begins at the top; the other end of the order is as far as before.
  await page.getByRole('columnheader', { name: 'B⊥' }).getByRole('button').click();
  await page.waitForFunction(() => document.querySelector('.table-scroll').scrollTop === 0);
  const [least] = await column(page, 3);
  await page.getByRole('region', { name: 'Pairs', exact: true }).evaluate((table) => { table.scrollTop = table.scrollHeight; });
  await page.waitForFunction((least) => {
    const last = [...document.querySelectorAll('[data-testid=pair-row]')].at(-1);
    return parseFloat(last.cells[3].innerText.replace('−', '-')) > least + 300;
  }, least);
  assert.ok(await page.getByTestId('pair-row').count() <= 48);
  assert.deepEqual(complaints, []);
  await context.close();
});
