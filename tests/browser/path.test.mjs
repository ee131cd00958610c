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
