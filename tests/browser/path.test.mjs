// The whole path as a new user walks it: map, burst, pairs, launch, watch, previews, link.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EDGECUMBE, clickMapAt, openPage, startChromium, startProduct } from './product.mjs';

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

  await t.test('a click shows the bursts that cover the point and picks one', async () => {
    await clickMapAt(page, EDGECUMBE);
    const option = page.getByTestId('burst-option').filter({ hasText: EDGECUMBE.burst });
    await option.click();
    await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
  });

  await t.test('nearest neighbours of June to August 2018 become pairs', async () => {
    await page.getByTestId('date-start').fill('2018-06-01');
    await page.getByTestId('date-end').fill('2018-08-31');
    await page.getByTestId('rule-n').selectOption('1');
    await page.getByTestId('pair-count').filter({ hasText: /\b7\b/ }).waitFor();
    assert.equal(await page.getByTestId('pair-row').count(), 7);
  });

  await t.test('the launch asks once and leads to the run', async () => {
    await page.getByTestId('run-name').fill('Summer 2018');
    await page.getByTestId('launch').click();
    await page.getByTestId('launch-confirm').click();
    await page.waitForURL(/\/run\/\d+$/);
  });

  await t.test('every pair ends well, by itself, and shows its preview', async () => {
    const cards = page.getByTestId('pair-card');
    await page.waitForFunction(
      () => document.querySelectorAll('[data-testid=pair-card][data-state=done]').length === 7,
      undefined,
      { timeout: 180_000 },
    );
    assert.equal(await cards.count(), 7);
    await page.waitForFunction(() => {
      const thumbs = [...document.querySelectorAll('[data-testid=pair-thumb]')];
      return thumbs.length === 7 && thumbs.every((thumb) => thumb.naturalWidth > 100);
    });
    await page.getByTestId('run-state').filter({ hasText: /done/i }).waitFor();
    await page.getByText(/simulated/i).first().waitFor();
  });

  await t.test('a product downloads as the zip that the job made', async () => {
    await page.getByTestId('pair-card').first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByTestId('pair-download').first().click(),
    ]);
    assert.match(download.suggestedFilename(), /\.zip$/);
    assert.equal(await download.failure(), null);
  });

  await t.test('the link alone shows the same in a clean browser', async () => {
    const { page: other, context: otherContext } = await openPage(browser);
    await other.goto(page.url());
    await other.waitForFunction(() => {
      const thumbs = [...document.querySelectorAll('[data-testid=pair-thumb]')];
      return thumbs.length === 7 && thumbs.every((thumb) => thumb.naturalWidth > 100);
    });
    await otherContext.close();
  });

  assert.deepEqual(complaints, []);
  await context.close();
});
