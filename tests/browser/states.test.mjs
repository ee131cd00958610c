// What goes wrong, and what people stop: seen in the page, with what to do next.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchSummer, openPage, pickEdgecumbe, signIn, startChromium, startProduct, thumbsShown } from './product.mjs';

const BAD = '20180616_20180628';
let product;
let browser;

before(async () => {
  [product, browser] = await Promise.all([
    startProduct({ BURSTBOARD_SIMULATED_FAIL: BAD, BURSTBOARD_SIMULATED_SECONDS: '2' }),
    startChromium(),
  ]);
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

test('a pair that fails says why, the others go on, and running it again mends it', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await signIn(page);
  await pickEdgecumbe(page);
  await launchSummer(page);
  const bad = page.locator(`[data-testid=pair-card][data-pair="${BAD}"]`);
  await page.getByTestId('run-state').filter({ hasText: 'failed' }).waitFor({ timeout: 180_000 });
  assert.equal(await page.locator('[data-testid=pair-card][data-state=done]').count(), 6);
  assert.equal(await bad.getAttribute('data-state'), 'failed');
  await bad.click();
  const failure = page.getByTestId('pair-failure');
  await failure.waitFor();
  assert.notEqual((await failure.innerText()).trim(), '');

  await page.getByTestId('rerun-pair').click();
  await page.locator(`[data-testid=pair-card][data-pair="${BAD}"][data-state=done]`).waitFor({ timeout: 120_000 });
  await page.getByTestId('run-state').filter({ hasText: 'done' }).waitFor();
  await thumbsShown(page, 7);
  await context.close();
});

test('a run is cancelled after one question, and says so', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await signIn(page);
  await pickEdgecumbe(page);
  await launchSummer(page, undefined, { again: true });
  await page.locator('[data-testid=pair-card][data-state=running]').first().waitFor({ timeout: 60_000 });
  await page.getByTestId('cancel-run').click();
  await page.getByRole('dialog').getByRole('button', { name: /cancel/i }).first().click();
  await page.getByTestId('run-state').filter({ hasText: 'cancelled' }).waitFor({ timeout: 60_000 });
  await context.close();
});

test('an unknown run and a burst without records say what to do instead', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(`${product.address}/run/1`);
  await page.getByTestId('fault').waitFor();
  await page.goto(`${product.address}/?v=1&burst=064_136231_IW2`);
  await page.getByTestId('stack-empty').waitFor();
  await page.getByTestId('recorded').waitFor();
  await context.close();
});
