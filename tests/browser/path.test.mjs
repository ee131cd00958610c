// The whole path as a new user walks it: map, burst, pairs, launch, watch, previews, link.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchSummer, openPage, pickEdgecumbe, signIn, startChromium, startProduct, thumbsShown } from './product.mjs';

const PAIRS = 7;
let product;
let browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), startChromium()]);
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

test('a click on the map leads to previews that a colleague can see', async (t) => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);

  await t.test('a click shows the bursts that cover the point, and one is picked', async () => {
    await pickEdgecumbe(page);
  });

  await t.test('one signs in and is back at the same burst', async () => {
    await signIn(page);
    await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
  });

  await t.test('the nearest neighbours of June to August 2018 are launched', async () => {
    await launchSummer(page);
  });

  // From here on, at every frame, how far below the top of the panel of the pair in focus the cards begin.
  await page.evaluate(() => {
    window.gaps = new Set();
    const top = (selector) => document.querySelector(selector)?.getBoundingClientRect().top;
    const look = () => {
      if (document.querySelector('.card')) window.gaps.add(Math.round(top('.cards') - top('.focus')));
      requestAnimationFrame(look);
    };
    look();
  });

  await t.test('every pair ends well, by itself, and shows its preview', async () => {
    await page.waitForFunction(
      (pairs) => document.querySelectorAll('[data-testid=pair-card][data-state=done]').length === pairs,
      PAIRS,
      { timeout: 180_000 },
    );
    await thumbsShown(page, PAIRS);
    await page.getByTestId('run-state').filter({ hasText: 'done' }).waitFor();
    await page.getByTestId('legend').getByText('simulated', { exact: true }).waitFor();
  });

  await t.test('the cards stay where they are when the preview above them arrives', async () => {
    const gaps = await page.evaluate(() => [...window.gaps]);
    assert.ok(gaps.length === 1 && gaps[0] > 0, `${gaps}`);
  });

  await t.test('coherence is the opacity of the picture, and need not be', async () => {
    const picture = () => page.locator('.leaflet-image-layer').getAttribute('src');
    const faded = await picture();
    await page.getByTestId('fade').uncheck();
    await page.waitForFunction((src) => document.querySelector('.leaflet-image-layer').src !== src, faded);
    await page.getByTestId('fade').check();
    await page.waitForFunction((src) => document.querySelector('.leaflet-image-layer').src === src, faded);
  });

  await t.test('measured coherence colours what is done and stands beside what was expected', async () => {
    const tinted = () => page.locator('[data-testid=plot] .edges.done[style*=stroke]').count();
    await page.getByTestId('coherence-key').filter({ hasText: /^Measured coherence 0/ }).waitFor();
    assert.ok(await tinted() > 0);
    const above = () => page.locator('[data-testid=matrix] .cells[style*=fill]').count();
    assert.ok(await above() > 0);
    await page.getByTestId('by-coherence').uncheck();
    await page.waitForFunction(() => !document.querySelector('[data-testid=plot] .edges.done[style*=stroke]'));
    assert.equal(await above(), 0);
    await page.getByTestId('by-coherence').check();
    await page.waitForFunction(() => document.querySelector('[data-testid=plot] .edges.done[style*=stroke]'));

    const panel = await page.getByTestId('focus-panel').innerText();
    const [, mean, expected] = /(\d\.\d\d), median \d\.\d\d · expected (\d\.\d\d)/.exec(panel);
    const focused = await page.locator('[data-testid=pair-card][aria-selected=true] .gamma').innerText();
    assert.equal(focused, `γ ${mean}`);
    await page.locator('[data-testid=plot] svg').focus();
    await page.keyboard.press('ArrowDown');
    await page.locator('[data-testid=plot] .tip').filter({ hasText: `Coherence ${mean} measured · ${expected} expected` }).waitFor();
    await page.keyboard.press('Escape');
  });

  await t.test('the least coherent pair comes first where one asks for it', async () => {
    const shown = () => page.locator('[data-testid=pair-card] .gamma').evaluateAll(
      (all) => all.map((gamma) => Number(gamma.innerText.slice(2))),
    );
    const byDate = await shown();
    const rising = byDate.toSorted((a, b) => a - b);
    assert.equal(byDate.length, PAIRS);
    assert.notDeepEqual(byDate, rising);
    await page.getByTestId('worst-first').check();
    await page.waitForFunction(() => {
      const all = [...document.querySelectorAll('[data-testid=pair-card] .gamma')].map((g) => Number(g.innerText.slice(2)));
      return all.every((value, i) => i === 0 || all[i - 1] <= value);
    });
    assert.deepEqual(await shown(), rising);
    await page.getByTestId('worst-first').uncheck();
    await page.waitForFunction((first) => document.querySelector('[data-testid=pair-card] .gamma').innerText === first, `γ ${byDate[0].toFixed(2)}`);
  });

  await t.test('previews are fetched a few at a time, each once', async () => {
    const other = await openPage(browser);
    const asked = [];
    const held = [];
    await other.page.route('**/api/v1/previews/*', (route) => {
      asked.push(route.request().url());
      held.push(route);
    });
    const count = (list, number) => new Promise((resolve) => {
      const look = () => (list.length >= number ? resolve() : setImmediate(look));
      look();
    });
    await other.page.goto(page.url());
    await count(held, 6);
    assert.equal(asked.length, 6, 'the seventh waits');
    await held.shift().continue();
    await count(asked, 7);
    await Promise.all(held.map((route) => route.continue()));
    await thumbsShown(other.page, PAIRS);
    assert.equal(new Set(asked).size, PAIRS);
    assert.equal(asked.length, PAIRS);
    await other.context.close();
  });

  await t.test('a product downloads as the zip that the job made', async () => {
    await page.getByTestId('pair-card').first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('pair-download').first().click(),
    ]);
    assert.equal(await download.failure(), null);
    assert.match(download.suggestedFilename(), /^20180604_20180616\.zip$/);
  });

  await t.test('the link alone shows the same in a clean browser', async () => {
    const other = await openPage(browser);
    await other.page.goto(page.url());
    await thumbsShown(other.page, PAIRS);
    assert.deepEqual(other.complaints, []);
    await other.context.close();
  });

  assert.deepEqual(complaints, []);
  await context.close();
});

test('dates and pairs can be chosen by hand, taken back, and sent as a link', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);
  await pickEdgecumbe(page);
  await page.getByTestId('date-start').fill('2018-06-01');
  await page.getByTestId('date-end').fill('2018-08-31');
  await page.getByTestId('rule-n').selectOption('1');
  const count = page.getByTestId('pair-count');
  await count.filter({ hasText: /^7 pairs/ }).waitFor();
  await page.getByTestId('drop').first().click();
  await count.filter({ hasText: /^6 pairs/ }).waitFor();
  await page.keyboard.press('Control+z');
  await count.filter({ hasText: /^7 pairs/ }).waitFor();
  await page.getByTestId('drop').first().click();
  await count.filter({ hasText: /^6 pairs/ }).waitFor();

  const other = await openPage(browser);
  await other.page.goto(page.url());
  await other.page.getByTestId('pair-count').filter({ hasText: /^6 pairs/ }).waitFor();
  await other.context.close();
  assert.deepEqual(complaints, []);
  await context.close();
});
