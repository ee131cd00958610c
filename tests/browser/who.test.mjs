// Who may what, as people see it: a stranger, a reader, a writer, the owner, and somebody with a share link.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchSummer, openPage, searchEdgecumbe, signIn, startChromium, startProduct, thumbsShown } from './product.mjs';

let browser;

before(async () => {
  browser = await startChromium();
});

after(async () => {
  await browser?.close();
});

test('a public repository: everyone looks, signing in is offered, readers are told why not, writers launch', async (t) => {
  const product = await startProduct();
  t.after(() => product.stop());
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);
  await searchEdgecumbe(page);
  const notice = page.getByTestId('may-not-launch');

  await t.test('a stranger is offered to sign in where launching would be', async () => {
    await notice.filter({ hasText: /sign in to launch/i }).waitFor();
    assert.ok(await page.getByTestId('launch').isDisabled());
  });

  await t.test('a reader comes back to the same burst and is told why not', async () => {
    await notice.getByTestId('sign-in').click();
    await page.locator('button[value=reader]').click();
    await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
    await notice.filter({ hasText: 'needs write permission' }).waitFor();
    assert.equal(await notice.getByTestId('sign-in').count(), 0);
    await page.getByTestId('account').click();
    await page.getByTestId('account-dialog').getByText('permission on the repository: read').waitFor();
    assert.equal(await page.getByTestId('deployment').count(), 0);
    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in').first().waitFor();
  });

  await t.test('who changes their mind at GitHub is told that nothing happened', async () => {
    await page.getByTestId('sign-in').first().click();
    await page.locator('button[name=cancel]').click();
    await page.getByTestId('fault').filter({ hasText: 'Not signed in' }).waitFor();
    assert.ok(!page.url().includes('sign-in='), page.url());
  });

  await t.test('a writer launches and is named', async () => {
    await signIn(page, 'writer');
    await launchSummer(page, async () => {
      await page.getByTestId('launch-dialog').getByText('writer', { exact: true }).waitFor();
    });
    await page.getByText(/ by writer$/).first().waitFor();
    await thumbsShown(page, 7);
  });

  await t.test('a stranger sees the run, and no button to change it', async () => {
    const other = await openPage(browser);
    await other.page.goto(page.url());
    await thumbsShown(other.page, 7);
    assert.equal(await other.page.getByTestId('rerun-failed').count(), 0);
    await other.page.getByTestId('copy-link').waitFor();
    await other.context.close();
  });

  await t.test('the owner closes launching, and writers read that', async () => {
    const owner = await openPage(browser);
    await owner.page.goto(product.address);
    await signIn(owner.page, 'local');
    await owner.page.getByTestId('account').click();
    await owner.page.getByTestId('health').filter({ hasText: 'Everything that a launch needs' }).waitFor();
    await owner.page.getByTestId('deployment').getByText(/writer launched 7 pairs/).waitFor();
    await owner.page.getByTestId('turn-launching').click();
    await owner.page.getByTestId('launching').filter({ hasText: 'Launching is closed' }).waitFor();
    await page.goto(`${product.address}/`);
    await searchEdgecumbe(page);
    // Other dates than those of the run: pairs that are done here are left out of a launch.
    await page.getByTestId('date-start').fill('2019-06-01');
    await page.getByTestId('date-end').fill('2019-06-30');
    // All dates together are too many for a run, so the button waits for the choice.
    await page.getByTestId('launch').click();
    await page.getByTestId('launch-confirm').click();
    await page.getByTestId('fault').filter({ hasText: 'Launching is closed' }).waitFor();
    await owner.context.close();
  });

  // The refused launch of the last step is the one error that the console may tell.
  assert.deepEqual(complaints.filter((complaint) => !complaint.includes('403')), []);
  await context.close();
});

test('a private repository: strangers see nothing, a share link opens one run in a clean profile until it is revoked', async (t) => {
  const product = await startProduct();
  t.after(() => product.stop());
  await product.tell('repository', { private: true });
  const { page, context } = await openPage(browser);
  let link;

  await t.test('a stranger does not learn of the repository', async () => {
    await page.goto(product.address);
    await page.getByTestId('sign-in').first().waitFor();
    assert.equal(await page.locator('.repository').count(), 0);
    await page.goto(`${product.address}/run/1`);
    await page.getByTestId('fault').filter({ hasText: 'private' }).getByTestId('sign-in').waitFor();
  });

  await t.test('a writer launches and makes a link', async () => {
    await page.goto(product.address);
    await signIn(page, 'writer');
    await searchEdgecumbe(page);
    await launchSummer(page);
    await thumbsShown(page, 7);
    await page.getByTestId('share').click();
    await page.getByTestId('share-days').selectOption('1');
    await page.getByTestId('make-link').click();
    link = await page.getByTestId('share-link').inputValue();
    assert.match(link, /\/run\/\d+\?share=/);
  });

  await t.test('somebody without an account sees the run by the link, which leaves the address', async () => {
    const guest = await openPage(browser);
    await guest.page.goto(link);
    await thumbsShown(guest.page, 7);
    assert.ok(!guest.page.url().includes('share='), guest.page.url());
    await guest.page.reload();
    await thumbsShown(guest.page, 7);
    assert.equal(await guest.page.getByTestId('share').count(), 0);
    await guest.page.getByTestId('show-runs').click();
    await guest.page.getByText('All runs').click();
    await guest.page.getByTestId('fault').filter({ hasText: 'share link does not open this' }).waitFor();
    await guest.context.close();
  });

  await t.test('a link that was revoked opens nothing, anywhere', async () => {
    await page.getByTestId('revoke-link').click();
    await page.getByTestId('no-links').waitFor();
    const late = await openPage(browser);
    await late.page.goto(link);
    await late.page.getByTestId('fault').filter({ hasText: 'This link opens nothing' }).waitFor();
    assert.equal(await late.page.getByTestId('pair-thumb').count(), 0);
    await late.context.close();
  });

  await context.close();
});
