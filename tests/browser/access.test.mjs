// The page for everyone: no findings of axe in any view, and the whole way by keyboard.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { EDGECUMBE, openPage, searchEdgecumbe, signIn, startChromium, startProduct, thumbsShown } from './product.mjs';

let product;
let browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), startChromium()]);
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

const LOOKS = [
  { name: 'light', options: { colorScheme: 'light' } },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'phone', options: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } },
];

for (const { name, options } of LOOKS) {
  test(`axe finds nothing, ${name}`, async () => {
    const { page, context } = await openPage(browser, options);
    await page.goto(product.address);
    await page.getByTestId('example').waitFor();
    await expectClean(page, 'the first view');
    await searchEdgecumbe(page);
    await page.getByTestId('pair-count').waitFor({ state: 'attached' });
    await expectClean(page, 'a burst with its stack and pairs');
    await page.evaluate(() => document.querySelectorAll('details.more').forEach((fold) => { fold.open = true; }));
    await expectClean(page, 'all rules, health and exports');
    await signIn(page, 'local');
    await page.getByTestId('account').click();
    await page.getByTestId('health').waitFor();
    await page.getByTestId('launching').waitFor();
    await expectClean(page, 'the account of the one who looks after it');
    await context.close();
  });
}

async function expectClean(page, view) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const findings = violations.map((v) => `${v.id}: ${v.help} (${v.nodes.map((n) => n.target.join(' ')).join(', ')})`);
  assert.deepEqual(findings, [], view);
}

test('from search to launch without a mouse', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await page.getByTestId('sign-in').first().focus();
  await page.keyboard.press('Enter');
  await page.locator('button[value=writer]').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('example').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type(EDGECUMBE.burst);
  await page.keyboard.press('Enter');
  await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
  await page.getByTestId('date-start').fill('2018-06-01');
  await page.getByTestId('date-end').fill('2018-06-30');
  await page.getByTestId('pair-count').filter({ hasText: /^3 pairs/ }).waitFor();
  await page.getByTestId('launch').focus();
  await page.keyboard.press('Enter');
  await page.getByTestId('launch-confirm').focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/run\/\d+/);
  await thumbsShown(page, 3);
  // The pair in focus shows its picture and numbers without being pressed.
  await page.getByTestId('focus-panel').getByText('Coherence', { exact: true }).waitFor();
  await expectClean(page, 'a run with its previews');
  await context.close();
});
