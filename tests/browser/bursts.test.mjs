// Finding a burst: on the map, by area, by keyboard; and what the page makes of a catalogue that misbehaves.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EDGECUMBE, launchSummer, mapPoint, openPage, searchEdgecumbe, signIn, startChromium, startProduct, thumbsShown } from './product.mjs';

let product;
let browser;

before(async () => {
  [product, browser] = await Promise.all([startProduct(), startChromium()]);
});

after(async () => {
  await browser?.close();
  await product?.stop();
});

/** Brings the place into view without picking a burst, at a zoom where the grid is drawn. */
async function goToGrid(page) {
  await page.getByTestId('search').fill(`${EDGECUMBE.lat}, ${EDGECUMBE.lon}`);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => Number(document.querySelector('[data-testid=grid]')?.dataset.count) > 20);
}

const options = (page) => page.getByTestId('burst-option');

test('the grid names what lies under the pointer, and a click offers the choice', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);
  await goToGrid(page);
  const { x, y } = await mapPoint(page, { lon: EDGECUMBE.lon + 0.1, lat: EDGECUMBE.lat });
  await page.mouse.move(x, y);
  await page.getByTestId('map-hint').filter({ hasText: /IW\d · (a|de)scending · \d+ more here/ }).waitFor();
  await page.locator('path.footprint.hovered').waitFor({ state: 'attached' });
  await page.mouse.click(x, y);
  const chooser = page.getByTestId('chooser');
  await chooser.waitFor();
  const offered = await page.getByTestId('chooser-option').count();
  assert.ok(offered >= 2 && offered <= 8, `${offered} offered`);
  const box = await chooser.boundingBox();
  const map = await page.getByTestId('map').boundingBox();
  assert.ok(box.x >= map.x && box.x + box.width <= map.x + map.width && box.y >= map.y, 'it lies on the map');
  await page.locator(`[data-testid=chooser-option][data-burst="${EDGECUMBE.burst}"]`).click();
  await page.getByTestId('stack-count').filter({ hasText: '166 dates · VV · 35 gaps, the longest 144 d' }).waitFor();
  assert.equal(await chooser.count(), 0);
  // The grid is for finding; under a picked burst it is gone.
  assert.equal(await page.getByTestId('grid').getAttribute('data-count'), '0');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('crosshair, Enter, arrows and Enter pick a burst without a pointer; Esc lets go', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await goToGrid(page);
  await page.getByTestId('map').focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-testid=chooser-option]:focus').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.getByTestId('chooser').count(), 0);
  await page.locator('[data-testid=map]:focus').waitFor();
  await page.keyboard.press('Enter');
  const first = await page.locator('[data-testid=chooser-option]:focus').getAttribute('data-burst');
  await page.keyboard.press('ArrowDown');
  const second = await page.locator('[data-testid=chooser-option]:focus').getAttribute('data-burst');
  assert.notEqual(first, second);
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`burst=${second}`));
  await context.close();
});

test('on a phone the choice stands in the sheet, and the map stays free', async () => {
  const { page, context } = await openPage(browser, { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await page.goto(product.address);
  await goToGrid(page);
  const { x, y } = await mapPoint(page, { lon: EDGECUMBE.lon + 0.1, lat: EDGECUMBE.lat });
  await page.touchscreen.tap(x, y);
  await page.waitForURL((url) => /^-135\.6/.test(url.searchParams.get('at')));
  await options(page).nth(1).waitFor();
  assert.equal(await page.getByTestId('chooser').count(), 0);
  // With a burst picked, a tap where others lie too leads back to the list.
  await options(page).first().click();
  await page.waitForURL(/burst=/);
  await page.touchscreen.tap(x, y);
  await options(page).nth(1).waitFor();
  assert.equal(await page.getByTestId('chooser').count(), 0);
  await context.close();
});

test('the filter thins grid and list out, and says what is no track', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await goToGrid(page);
  const count = async () => Number(await page.getByTestId('grid').getAttribute('data-count'));
  const [all, listed] = [await count(), await options(page).count()];
  await page.getByTestId('filter').locator('summary').click();
  await page.getByTestId('filter-tracks').fill('174');
  await page.waitForFunction((all) => Number(document.querySelector('[data-testid=grid]').dataset.count) < all, all);
  await page.getByTestId('filter-subswath').selectOption('IW3');
  await page.getByTestId('filter-pass').selectOption('descending');
  await page.waitForFunction((listed) => {
    const rows = [...document.querySelectorAll('[data-testid=burst-option]')];
    return rows.length > 0 && rows.length < listed && rows.every((row) => /^174_\d+_IW3$/.test(row.dataset.burst));
  }, listed);
  await page.getByTestId('filter-tracks').fill('176');
  await page.getByText('"176" is no track: they are numbered 1 to 175').waitFor();
  await context.close();
});

test('an area is pasted or drawn, and the burst that has most of it comes first', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await page.getByTestId('area-fold').locator('summary').click();
  const text = page.getByTestId('area-text');
  for (const [area, sentence] of [
    ['POLYGON((0 0, 4 0, 4 4, 0 0), (2 1, 3 1, 3 2, 2 1))', 'The area has a hole'],
    ['POLYGON((0 0, 4 4, 4 0, 0 4, 0 0))', 'crosses itself near longitude 2.0000, latitude 2.0000'],
    ['POINT(1 2)', 'A POINT has no surface'],
    ['nonsense', 'is neither WKT nor GeoJSON'],
    ['', 'There is no area'],
  ]) {
    await text.fill(area);
    await page.getByTestId('area-find').click();
    await page.getByTestId('area-wrong').filter({ hasText: sentence }).waitFor();
  }
  // A million corners arrive as one paste; typing them would take the day.
  await text.evaluate((field) => {
    const corner = (i) => `${10 + Math.cos(i / 159_155)} ${45 + Math.sin(i / 159_155)}`;
    field.value = `POLYGON((${Array.from({ length: 1_000_000 }, (_, i) => corner(i)).join(',')}))`;
  });
  await page.getByTestId('area-find').click();
  await page.getByTestId('area-wrong').filter({ hasText: 'simplify it to at most 5000 corners' }).waitFor();
  await text.evaluate((field) => {
    field.value = '';
  });
  await text.fill('POLYGON((-136 56.9, -135.5 56.9, -135.5 57.35, -136 57.35, -136 56.9))');
  await page.getByTestId('area-find').click();
  await options(page).first().waitFor();
  const shares = await options(page).evaluateAll((rows) => rows.map((row) => /(\d+) % of the area/.exec(row.innerText)));
  const numbers = shares.filter(Boolean).map(([, share]) => Number(share));
  assert.ok(numbers.length > 3, `${numbers}`);
  assert.deepEqual(numbers, numbers.toSorted((a, b) => b - a));
  await page.locator('path.area').waitFor({ state: 'attached' });

  await page.getByTestId('area-draw').click();
  await page.getByTestId('draw-bar').waitFor();
  const corners = [[-135.9, 57.0], [-135.6, 57.0], [-135.6, 57.15], [-135.9, 57.15]];
  for (const [lon, lat] of corners) {
    const { x, y } = await mapPoint(page, { lon, lat });
    await page.mouse.click(x, y);
  }
  await page.getByTestId('draw-bar').getByText('4 corners').waitFor();
  await page.getByTestId('draw-done').click();
  await page.waitForFunction(() => /^POLYGON \(\(-135\.[89]/.test(document.querySelector('[data-testid=area-text]').value));
  assert.ok((await options(page).count()) > 1);
  await context.close();
});

/** The catalogue and its second way answer as told from here on. */
async function answer(page, first, second = { status: 503, body: '' }) {
  await page.route('**/granules.umm_json?*', (route) => route.fulfill(first));
  await page.route('**/services/search/param?*', (route) => route.fulfill(second));
}

const cors = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'CMR-Hits, CMR-Search-After' };

test('answers that are no answer end in a sentence, and the page goes on', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  for (const [body, sentence] of [
    ['<!DOCTYPE html><html><body>Maintenance</body></html>', 'answered with a web page instead of data'],
    ['{"hits": 3, "items": [{"umm": {', 'breaks off after 31 bytes'],
    ['', 'answer is empty'],
    [`{"items": [${' '.repeat(64_000_100)}]}`, 'which is more than a page can have'],
  ]) {
    await page.unrouteAll();
    await answer(page, { status: 200, headers: cors, body });
    await page.getByTestId('search').fill(EDGECUMBE.burst);
    await page.keyboard.press('Enter');
    await page.getByTestId('fault').filter({ hasText: sentence }).waitFor();
    // Nothing is lost: the burst stays picked, and another place can be asked about.
    assert.match(page.url(), /burst=174_372326_IW3/);
    await page.getByTestId('search').fill('57.05, -135.75');
    await page.keyboard.press('Enter');
    await page.getByTestId('search').fill('064_136231_IW2');
    await page.keyboard.press('Enter');
    await page.waitForURL(/burst=064_136231_IW2/);
  }
  await page.unrouteAll();
  await searchEdgecumbe(page);
  await context.close();
});

test('a busy catalogue is asked again, an ill one has a second way, a short answer is told', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  let asked = 0;
  await page.route('**/granules.umm_json?*', (route) => {
    asked += 1;
    return asked === 1 ? route.fulfill({ status: 429, headers: cors, body: '' }) : route.continue();
  });
  await page.getByTestId('search').fill(EDGECUMBE.burst);
  await page.keyboard.press('Enter');
  await page.getByTestId('delay').filter({ hasText: 'asking again in' }).waitFor();
  await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
  assert.ok(asked > 1);
  // What was there once is there at once: the session remembers whole answers.
  const before = asked;
  await page.getByTestId('search').fill('174_372324_IW3');
  await page.keyboard.press('Enter');
  await page.getByTestId('stack-empty').waitFor();
  await page.goBack();
  await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
  assert.equal(asked, before + 1);

  await page.reload();
  await page.unrouteAll();
  await page.route('**/granules.umm_json?*', (route) => route.fulfill({ status: 200, headers: cors, body: '<html>' }));
  await page.reload();
  await page.getByTestId('catalogue-note').filter({ hasText: 'baselines are unknown' }).waitFor();
  await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();

  await page.unrouteAll();
  await page.route('**/granules.umm_json?*', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    await route.fulfill({ response, json: { ...json, hits: json.hits + 4, items: json.items.slice(0, -1) }, headers: cors });
  });
  await page.reload();
  await page.getByTestId('catalogue-note').filter({ hasText: 'announced 170 records but sent 165' }).waitFor();
  await context.close();
});

test('neighbours are taken along: one network, one batch, one link', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);
  await searchEdgecumbe(page);
  await signIn(page);
  await page.getByTestId('together').locator('summary').click();
  await page.locator('[data-testid=take-along][data-burst="174_372327_IW3"]').click();
  const taken = page.locator('[data-testid=taken][data-burst="174_372327_IW3"]');
  // The derived neighbour lacks one pass, and with it the pairs that need it.
  await taken.filter({ hasText: /165 derived dates, lacks passes for \d+ of \d+ pairs/ }).waitFor();
  await page.locator('path.footprint.along').waitFor({ state: 'attached' });
  await page.waitForURL(/v=3&burst=174_372326_IW3&with=372327_IW3&/);
  // Further along the track the next neighbours are on offer, and none twice.
  await page.locator('[data-testid=take-along][data-burst="174_372328_IW3"]').waitFor();
  assert.equal(await page.locator('[data-testid=take-along][data-burst="174_372327_IW3"]').count(), 0);

  await launchSummer(page, async () => {
    await page.getByTestId('launch-dialog').getByText('Launch 14 pairs?').waitFor();
    await page.getByTestId('launch-dialog').getByText('14 jobs in 2 bursts').waitFor();
  });
  await page.waitForFunction(
    () => document.querySelectorAll('[data-testid=pair-card][data-state=done]').length === 14, null, { timeout: 240_000 },
  );
  await thumbsShown(page, 14);
  const cards = await page.getByTestId('pair-card').evaluateAll((all) => all.map((card) => card.dataset.pair));
  assert.equal(cards.filter((name) => name.startsWith('174_372327_IW3_2018')).length, 7);
  // The network is that of the dates: an edge stands for both bursts' pairs.
  await page.locator('[data-testid=pair-card][data-pair^="174_372327_IW3"]').first().click();
  await page.getByTestId('focus-panel').getByText('372327_IW3 2018').first().waitFor();
  const drawn = page.getByTestId('burst-of-run').locator('input:checked');
  assert.equal(await drawn.locator('..').innerText(), '372327_IW3');
  await page.getByTestId('burst-of-run').getByText('372326_IW3').click();
  await page.getByTestId('focus-panel').getByText('372326_IW3 2018').first().waitFor();

  // The map has the whole pass: both bursts' pictures of the same dates.
  const pictures = page.locator('.leaflet-image-layer');
  assert.equal(await pictures.count(), 2);
  await page.getByTestId('layers').getByText('Unwrapped').click();
  await page.waitForFunction(() => document.querySelectorAll('.leaflet-image-layer').length === 1);
  await page.getByTestId('layers').getByText('Wrapped', { exact: true }).click();
  await page.waitForFunction(() => document.querySelectorAll('.leaflet-image-layer').length === 2);

  // What is there in both bursts is left out of the next launch; the link shows all of it to others.
  await page.goBack();
  await page.getByTestId('leave-out-done').waitFor();
  const other = await openPage(browser);
  await other.page.goto(page.url());
  await other.page.locator('[data-testid=taken][data-burst="174_372327_IW3"]').filter({ hasText: '165 derived dates' }).waitFor();
  assert.deepEqual(other.complaints, []);
  await other.context.close();

  // A burst of which the catalogue has nothing lacks every pair; left out again, all is as before.
  await page.locator('[data-testid=take-along][data-burst="174_372328_IW3"]').click();
  await page.locator('[data-testid=taken][data-burst="174_372328_IW3"]').filter({ hasText: /0 dates, lacks passes for 7 of 7/ }).waitFor();
  await page.locator('[data-testid=taken][data-burst="174_372328_IW3"]').getByTestId('leave-out').click();
  await page.locator('[data-testid=taken][data-burst="174_372327_IW3"]').getByTestId('leave-out').click();
  await page.waitForURL(/v=2&burst=174_372326_IW3&pol/);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('all bursts of a pass that cover an area are taken together at once', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);
  await page.getByTestId('area-fold').locator('summary').click();
  await page.getByTestId('area-text').fill('POLYGON((-136 56.9, -135.6 56.9, -135.6 57.3, -136 57.3, -136 56.9))');
  await page.getByTestId('area-find').click();
  await page.locator(`[data-testid=burst-option][data-burst="${EDGECUMBE.burst}"]`).click();
  await page.getByTestId('together').locator('summary').click();
  const button = page.getByTestId('take-area');
  const count = Number((await button.innerText()).match(/^Add (\d+) bursts? of this pass/)[1]);
  const covering = await options(page).evaluateAll((all) => all.map((row) => row.dataset.burst));
  assert.equal(count, covering.filter((burst) => burst.startsWith('174_')).length - 1);
  await button.click();
  await page.waitForFunction((n) => document.querySelectorAll('[data-testid=taken]').length === n, count);
  await page.waitForURL((url) => url.searchParams.get('with').split('.').length === count && url.searchParams.has('area'));
  assert.equal(await button.count(), 0);
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a neighbour that the catalogue does not give holds the launch back until it is there or left out', async () => {
  const { page, context } = await openPage(browser);
  await page.goto(product.address);
  await searchEdgecumbe(page);
  await page.getByTestId('together').locator('summary').click();
  await page.route(/372327_IW3/, (route) => route.fulfill({ status: 404, headers: cors, body: '' }));
  await page.locator('[data-testid=take-along][data-burst="174_372327_IW3"]').click();
  const taken = page.locator('[data-testid=taken][data-burst="174_372327_IW3"]');
  await taken.getByTestId('fault').waitFor({ timeout: 60_000 });
  await page.getByText('The acquisitions of 174_372327_IW3 are missing').waitFor();
  await page.unrouteAll();
  await taken.getByTestId('retry').click();
  await taken.filter({ hasText: '165 derived dates' }).waitFor();

  // Fewer records than announced are told there as well, and asked for again.
  await taken.getByTestId('leave-out').click();
  await page.route(/372325_IW3/, async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    await route.fulfill({ response, json: { ...json, hits: json.hits + 4 }, headers: cors });
  });
  await page.locator('[data-testid=take-along][data-burst="174_372325_IW3"]').click();
  const short = page.locator('[data-testid=taken][data-burst="174_372325_IW3"]');
  await short.filter({ hasText: 'The catalogue announced 170 records but sent 166: dates may be missing.' }).waitFor();
  await page.unrouteAll();
  await short.getByTestId('ask-again').click();
  await short.filter({ hasText: /^(?!.*announced).*166 derived dates/ }).waitFor();
  assert.equal(await page.getByText('The acquisitions of 174_372327_IW3 are missing').count(), 0);
  await context.close();
});

test('point, area and filter stand in the address, and a link shows them again', async () => {
  const { page, context, complaints } = await openPage(browser);
  await page.goto(product.address);
  await goToGrid(page);
  await page.waitForURL(/[?&]at=-135\.75,57\.05$/);
  const listed = await options(page).count();
  await page.getByTestId('filter').locator('summary').click();
  await page.getByTestId('filter-tracks').fill('174 50');
  await page.getByTestId('filter-subswath').selectOption('IW3');
  await page.waitForURL(/tracks=174\.50&subswath=IW3&at=/);

  const other = await openPage(browser);
  await other.page.goto(page.url());
  await other.page.getByText(/that the filter lets? through/).waitFor();
  assert.equal(await options(other.page).count(), await options(page).count());
  assert.ok((await options(other.page).count()) < listed);
  assert.equal(await other.page.getByTestId('filter-tracks').inputValue(), '174 50');
  assert.equal(await other.page.getByTestId('filter-subswath').inputValue(), 'IW3');
  assert.ok(await other.page.getByTestId('filter-pass').isVisible(), 'what hides bursts is seen');
  // A burst is a step; the way back leads to the choice that it was made from.
  await other.page.locator(`[data-testid=burst-option][data-burst="${EDGECUMBE.burst}"]`).click();
  await other.page.waitForURL(/burst=174_372326_IW3.*&at=-135\.75,57\.05$/);
  await other.page.goBack();
  await other.page.waitForURL((url) => !url.searchParams.has('burst') && url.searchParams.has('at'));
  await options(other.page).first().waitFor();
  assert.equal(await other.page.locator('[data-testid=burst-option][aria-selected=true]').count(), 0);
  assert.deepEqual(other.complaints, []);
  await other.context.close();

  await page.getByTestId('area-fold').locator('summary').click();
  await page.getByTestId('area-text').fill('MULTIPOLYGON(((-136 56.9, -135.5 56.9, -135.5 57.35, -136 56.9)), ((-135 57, -134.9 57, -134.9 57.1, -135 57)))');
  await page.getByTestId('area-find').click();
  await page.waitForURL((url) => /^[0-9a-zA-Z]{20,80}$/.test(url.searchParams.get('area')) && !url.searchParams.has('at'));
  assert.equal(await page.getByTestId('link-without-area').count(), 0);
  const again = await openPage(browser);
  await again.page.goto(page.url());
  await again.page.locator('path.area').first().waitFor({ state: 'attached' });
  assert.equal(await again.page.getByTestId('area-text').inputValue(), await page.getByTestId('area-text').inputValue());
  assert.equal(await options(again.page).count(), await options(page).count());
  assert.deepEqual(again.complaints, []);
  await again.context.close();

  // Too many corners for a link: all else is in it, and the page says what is not.
  const corner = (i) => `${(-135.75 + 0.2 * Math.cos(i / 160)).toFixed(5)} ${(57.1 + 0.1 * Math.sin(i / 160)).toFixed(5)}`;
  await page.getByTestId('area-text').fill(`POLYGON((${Array.from({ length: 1000 }, (_, i) => corner(i)).join(', ')}))`);
  await page.getByTestId('area-find').click();
  await page.getByTestId('link-without-area').filter({ hasText: 'does not fit into a link' }).waitFor();
  await page.waitForURL((url) => !url.searchParams.has('area') && url.searchParams.get('subswath') === 'IW3');
  assert.deepEqual(complaints, []);
  await context.close();
});

test('a broken question in a link says what is wrong', async () => {
  const { page, context } = await openPage(browser);
  for (const [query, sentence] of [
    ['at=57.05', 'is no place such as -135.75,57.05'],
    ['area=14FVvJt', 'area is damaged, often because a chat program cut it'],
    ['at=1,2&area=14', 'take "at" or "area" out'],
    ['tracks=174.200', '"200" is no track'],
    ['pass=up', 'it can be ascending or descending'],
    ['subswath=IW9', 'it can be IW1, IW2 or IW3'],
  ]) {
    await page.goto(`${product.address}/?v=2&${query}`);
    await page.getByTestId('fault').filter({ hasText: sentence }).waitFor();
    // What was sent stays where it can be mended.
    assert.ok(page.url().endsWith(query), page.url());
  }
  await context.close();
});
