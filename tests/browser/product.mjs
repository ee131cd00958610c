// Starts the product as a newcomer would, with `cargo xtask up`, and a Chromium to look at it.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const root = new URL('../../', import.meta.url).pathname;

/** Starts everything in a folder of its own; `environment` reaches the simulated engine. */
export async function startProduct(environment = {}) {
  const data = await mkdtemp(join(tmpdir(), 'burstboard-'));
  const child = spawn('cargo', ['xtask', 'up', '--no-open', '--data', data, '--port', '0'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors = [];
  createInterface({ input: child.stderr }).on('line', (line) => errors.push(line));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^ready (http:\/\/127\.0\.0\.1:\d+)$/.exec(line);
      if (ready) resolve(ready[1]);
      else reject(new Error(`stdout has a line that is not the ready line: ${line}`));
    });
    ended.then((code) => reject(new Error(`cargo xtask up ended with ${code}\n${errors.join('\n')}`)));
  });
  const away = await fetch(`${address}/api/v1/sign-in`, { redirect: 'manual' });
  const github = new URL(away.headers.get('location')).origin;
  return {
    address,
    errors,
    /** Tells the sandbox, which plays GitHub, to be otherwise. */
    async tell(what, how) {
      const token = /GH_TOKEN=(\S+)/.exec(errors.join('\n'))[1];
      const answer = await fetch(`${github}/sandbox/${what}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(how),
      });
      if (!answer.ok) throw new Error(`the sandbox does not do ${what}: ${answer.status}`);
    },
    /** The cookie of a demo account that went through the sign-in without a browser. */
    async session(login) {
      const hop = (address, options) => fetch(address, { redirect: 'manual', ...options });
      const cookie = (answer, name) => answer.headers.getSetCookie().find((c) => c.startsWith(`${name}=`)).split(';')[0];
      const begun = await hop(`${address}/api/v1/sign-in`);
      const form = await (await hop(begun.headers.get('location'))).text();
      const nonce = /name="nonce" value="([^"]+)"/.exec(form)[1];
      const chosen = await hop(`${github}/login/oauth/authorize`, {
        method: 'POST', headers: { origin: github }, body: new URLSearchParams({ nonce, login }),
      });
      const ended = await hop(chosen.headers.get('location'), { headers: { cookie: cookie(begun, '__Host-sign-in') } });
      return cookie(ended, '__Host-session');
    },
    /** Ends it the way Ctrl-C does, and waits until it is gone. */
    async stop() {
      child.kill('SIGINT');
      const code = await ended;
      await rm(data, { recursive: true, force: true });
      return code;
    },
  };
}

/** A Chromium with an empty profile. */
export function startChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_BIN ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync',
    ],
  });
}

/** A clean browser context whose page fails the test when a script fails or the console tells an error. */
export async function openPage(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`console: ${message.text()}`);
  });
  return { page, context, complaints };
}

/** The burst over Mount Edgecumbe, whose stack the sandbox knows. */
export const EDGECUMBE = { burst: '174_372326_IW3', lon: -135.75, lat: 57.05 };

/** Signs in through the sandbox's page as one of its demo accounts, and comes back to where one was. */
export async function signIn(page, login = 'writer') {
  await page.getByTestId('sign-in').first().click();
  await page.locator(`button[name=login][value=${login}]`).click();
  await page.getByTestId('account').filter({ hasText: login }).waitFor();
}

/** Where a place lies on the page, from what the map's element tells of its view. */
export async function mapPoint(page, { lon, lat }) {
  const map = page.getByTestId('map');
  await page.waitForFunction(() => document.querySelector('[data-testid=map]')?.dataset.view);
  const [lon0, lat0, zoom] = (await map.getAttribute('data-view')).split(' ').map(Number);
  const box = await map.boundingBox();
  const world = 256 * 2 ** zoom;
  const mercator = (degrees) => Math.asinh(Math.tan((degrees * Math.PI) / 180)) / (2 * Math.PI);
  return {
    x: box.x + box.width / 2 + ((lon - lon0) / 360) * world,
    y: box.y + box.height / 2 - (mercator(lat) - mercator(lat0)) * world,
  };
}

/** Clicks on the map where a place is, as a person does who has found it. */
export async function clickMapAt(page, place) {
  const { x, y } = await mapPoint(page, place);
  await page.mouse.click(x, y);
}

/** Picks the burst over Mount Edgecumbe by a click on the map and waits for its stack. */
export async function pickEdgecumbe(page) {
  await clickMapAt(page, EDGECUMBE);
  await page.locator(`[data-testid=burst-option][data-burst="${EDGECUMBE.burst}"]`).click();
  await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor();
}

/** Picks the same burst by its name, which also works where the place is outside of the map's first view. */
export async function searchEdgecumbe(page) {
  await page.getByTestId('search').fill(EDGECUMBE.burst);
  await page.keyboard.press('Enter');
  await page.getByTestId('stack-count').filter({ hasText: '166' }).waitFor({ state: 'attached' });
}

/**
 * Launches the nearest-neighbour pairs of June to August 2018 and waits for the run's page. With `again`, pairs that are
 * there already are made once more.
 */
export async function launchSummer(page, atDialog = async () => {}, { again = false } = {}) {
  await page.getByTestId('date-start').fill('2018-06-01');
  await page.getByTestId('date-end').fill('2018-08-31');
  await page.getByTestId('rule-n').selectOption('1');
  await page.getByTestId('pair-count').filter({ hasText: /^7 pairs/ }).waitFor();
  if (again) {
    // They are left out unless one asks for them.
    await page.getByTestId('launch').and(page.locator(':disabled')).waitFor();
    await page.getByTestId('leave-out-done').uncheck();
  }
  await page.getByTestId('run-name').fill('Summer 2018');
  await page.getByTestId('launch').click();
  await page.getByTestId('launch-confirm').waitFor();
  await atDialog();
  await page.getByTestId('launch-confirm').click();
  await page.waitForURL(/\/run\/\d+/);
}

/** Waits until that many pairs show a picture that was really decoded. */
export async function thumbsShown(page, count) {
  await page.waitForFunction((count) => {
    const thumbs = [...document.querySelectorAll('[data-testid=pair-thumb]')];
    return thumbs.length === count && thumbs.every((thumb) => thumb.naturalWidth > 100);
  }, count, { timeout: 60_000 });
}
