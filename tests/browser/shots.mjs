// Screenshots of every view in light, dark and phone width: `cargo xtask shots`. One run is made and looked at from all
// sides; what is seen is the product as it stands, with nothing prepared.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EDGECUMBE, clickMapAt, launchSummer, openPage, pickEdgecumbe, searchEdgecumbe, signIn, startChromium, startProduct } from './product.mjs';

const out = process.argv[2] ?? 'shots';
/** A box over Kruzof and Sitka, as a link has it. */
const AREA = '14FVvJtTUZEcUwG300CPv3TwG30';
const LOOKS = [
  { name: 'light', viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { name: 'dark', viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  { name: 'small', viewport: { width: 1024, height: 640 }, colorScheme: 'light' },
  { name: 'phone', viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  { name: 'phone-dark', viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
];

await mkdir(out, { recursive: true });
const [product, browser] = await Promise.all([
  // Long enough to be seen at work; one pair fails.
  startProduct({ BURSTBOARD_SIMULATED_SECONDS: '3', BURSTBOARD_SIMULATED_FAIL: '20180616_20180628' }),
  startChromium(),
]);

try {
  const run = await makeRun();
  for (const look of LOOKS) {
    const { page, context } = await openPage(browser, look);
    const shot = async (view) => {
      await page.screenshot({ path: join(out, `${view}-${look.name}.png`) });
      process.stderr.write(`${view}-${look.name}.png\n`);
    };
    await page.goto(product.address);
    await page.getByTestId('example').waitFor();
    await page.waitForLoadState('networkidle');
    await shot('1-first');
    await page.getByTestId('search').fill(`${EDGECUMBE.lat}, ${EDGECUMBE.lon}`);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => Number(document.querySelector('[data-testid=grid]')?.dataset.count) > 10);
    await shot('11-grid');
    await clickMapAt(page, EDGECUMBE);
    // On a phone the sheet has the list.
    await page.getByTestId(look.name.startsWith('phone') ? 'burst-option' : 'chooser').first().waitFor();
    await shot('12-chooser');
    await page.goto(`${product.address}/?v=2&subswath=IW3&area=${AREA}`);
    await page.getByTestId('burst-option').first().waitFor();
    await shot('13-area');
    await searchEdgecumbe(page);
    await shot('2-stack');
    await page.goto(`${product.address}/?v=2&burst=${EDGECUMBE.burst}&pairs=n3.d48.b200&from=20170101&to=20191231`);
    await page.getByTestId('pair-count').filter({ hasText: 'pairs' }).waitFor({ state: 'attached' });
    await shot('3-network');
    await page.goto(`${product.address}/?v=3&burst=${EDGECUMBE.burst}&with=372325_IW3.372327_IW3&pairs=n3.d48.b200`);
    await page.getByTestId('taken').nth(1).filter({ hasText: 'lacks' }).waitFor({ state: 'attached' });
    await page.getByTestId('together').evaluate((fold) => fold.scrollIntoView({ block: 'center' }));
    await shot('14-together');
    await page.goto(`${product.address}/?v=2&burst=${EDGECUMBE.burst}&pairs=n3.d48.b200.s0601-0930&lock=18v1av`);
    await page.getByTestId('pair-count').filter({ hasText: 'parts' }).waitFor({ state: 'attached' });
    await unfold(page, 'Health and cost');
    await shot('8-health');
    await unfold(page, 'Health and cost');
    await unfold(page, 'More rules');
    await shot('9-rules');
    if (look.name.startsWith('phone')) {
      await page.getByTestId('tab-stack').click();
      await page.getByTestId('show-matrix').check();
    }
    await shot('10-matrix');
    await page.goto(`${product.address}${run}`);
    await page.getByTestId('run-state').waitFor({ state: 'attached' });
    await page.waitForFunction(
      () => [...document.querySelectorAll('[data-testid=pair-thumb]')].filter((t) => t.naturalWidth > 0).length >= 6,
    );
    await page.getByTestId('coherence-key').filter({ hasText: 'Measured' }).waitFor({ state: 'attached' });
    await shot('5-run');
    if (look.name.startsWith('phone')) {
      await page.getByTestId('tab-stack').click();
      await shot('5-run-stack');
      await page.getByTestId('tab-run').click();
    }
    await page.locator('[data-testid=pair-card][data-state=failed]').click();
    await page.getByTestId('pair-failure').waitFor();
    await shot('6-failed');
    await page.goto(`${product.address}/run/1`);
    await page.getByTestId('fault').waitFor();
    await shot('7-unknown-run');
    await page.goto(product.address);
    await page.getByTestId('sign-in').first().click();
    await page.locator('button[value=local]').waitFor();
    await shot('8-github');
    await page.locator('button[value=local]').click();
    await page.getByTestId('account').click();
    await page.getByTestId('launching').waitFor();
    await page.getByTestId('health').waitFor();
    await shot('9-account');
    await context.close();
  }
} finally {
  await browser.close();
  await product.stop();
}

/** Opens or closes a fold and brings it into view. */
async function unfold(page, summary) {
  const fold = page.locator('details.more > summary').filter({ hasText: summary });
  await fold.click();
  await fold.evaluate((element) => element.scrollIntoView({ block: 'start' }));
}

/** Launches the summer of 2018, looks at it while it runs, and gives the run's path. */
async function makeRun() {
  const { page, context } = await openPage(browser, LOOKS[0]);
  await page.goto(product.address);
  await signIn(page, 'local');
  await pickEdgecumbe(page);
  await launchSummer(page, async () => {
    await page.screenshot({ path: join(out, '3-launch-light.png') });
  });
  await page.locator('[data-testid=pair-card][data-state=running]').first().waitFor({ timeout: 60_000 });
  await page.screenshot({ path: join(out, '4-running-light.png') });
  await page.getByTestId('run-state').filter({ hasText: /done|failed/ }).waitFor({ timeout: 120_000 });
  const path = new URL(page.url()).pathname;
  await context.close();
  return path;
}
