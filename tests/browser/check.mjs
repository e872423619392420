// The pages as a person uses them. The phone: words, a tap, Arabic, a file, and what shows beside the
// chat. Sign-up: the form, the letter, its link.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PATIENCE_MS = 20_000;
const pictures = process.env.SCREENSHOTS;
/** The smallest PNG there is: one grey pixel. */
const PIXEL = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==", "base64");

/** Starts the system and waits for the line that says where it answers. */
async function startSystem() {
  const child = spawn("cargo", ["run", "--quiet", "--", "--memory", "--port", "0"], { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /answers on (http:\S+)/.exec(line)?.[1];
    if (url) return { child, url };
  }
  throw new Error("the system ended without saying where it answers");
}

async function stop(child) {
  const ended = new Promise(done => child.once("exit", code => done(code)));
  child.kill("SIGTERM");
  assert.equal(await ended, 0, "the system ends cleanly");
}

async function picture(page, name) {
  if (!pictures) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

const bubbles = page => page.getByRole("log", { name: "Messages" });
const choosePerson = (page, name) => page.getByRole("navigation", { name: "People" }).getByRole("button", { name }).click();
const openTab = (page, name) => page.getByRole("tab", { name }).click();

async function write(page, text) {
  await page.getByLabel("Message", { exact: true }).fill(text);
  await page.keyboard.press("Enter");
}

const STEPS = {
  async "a task is added, explained and shown"(page) {
    await choosePerson(page, /Omar Haddad/);
    await write(page, "please add a task: fix the waterproofing on roof block C before thursday");
    await bubbles(page).getByRole("button", { name: "Undo" }).waitFor();
    await bubbles(page).getByRole("img", { name: "Read" }).first().waitFor();
    const understood = page.getByRole("tabpanel", { name: "Understood" });
    await understood.getByText("task create", { exact: true }).waitFor();
    await understood.getByText("English").waitFor();
    await picture(page, "1-task-understood");
    await openTab(page, "Changed");
    const task = page.getByRole("tabpanel", { name: "Changed" }).locator(".thing.fresh");
    await task.getByText(/waterproofing on roof block C/).waitFor();
    await picture(page, "2-task-changed");
  },

  async "a tap takes it back"(page) {
    await bubbles(page).getByRole("button", { name: "Undo" }).click();
    const task = page.getByRole("tabpanel", { name: "Changed" }).locator(".thing.fresh");
    await task.getByText("cancelled").waitFor();
    assert.ok(await bubbles(page).getByRole("button", { name: "Undo" }).first().isDisabled());
  },

  async "a cost is proposed with three buttons and confirmed with one"(page) {
    await write(page, "paid 1,450 AED for cement and sand today");
    for (const name of ["Confirm", "Edit", "Reject"]) await bubbles(page).getByRole("button", { name }).waitFor();
    const cost = page.getByRole("tabpanel", { name: "Changed" }).locator(".thing.fresh").filter({ hasText: "1,450" });
    await cost.getByText("proposed").waitFor();
    await bubbles(page).getByRole("button", { name: "Confirm" }).click();
    await cost.getByText("confirmed").waitFor();
    await picture(page, "3-cost-confirmed");
  },

  async "a picture is attached and arrives"(page) {
    await page.getByRole("button", { name: "Attach" }).click();
    const chooser = page.waitForEvent("filechooser");
    await page.getByRole("menuitem", { name: "Photo" }).click();
    await (await chooser).setFiles({ name: "crack.png", mimeType: "image/png", buffer: PIXEL });
    await bubbles(page).locator("img.picture").waitFor();
    await page.waitForFunction(() => document.querySelector("img.picture").naturalWidth === 1);
  },

  async "raw events are there to read"(page) {
    await openTab(page, "Events");
    const events = page.getByRole("tabpanel", { name: "Events" });
    await events.getByText("Webhook: status read").first().waitFor();
    await events.getByText("Graph: send interactive").first().click();
    await events.getByText('"messaging_product": "whatsapp"').first().waitFor();
    await picture(page, "4-events");
  },

  async "Arabic is answered in Arabic, from right to left"(page) {
    await choosePerson(page, /أحمد الزهراني/);
    await write(page, "أضف مهمة: إصلاح تسرب الخزان قبل الخميس");
    const reply = bubbles(page).locator(".theirs").first();
    await reply.getByRole("button").first().waitFor();
    assert.match(await reply.innerText(), /[\u0600-\u06ff]{3}/);
    assert.equal(await page.locator("main.chat").getAttribute("dir"), "rtl");
    await openTab(page, "Understood");
    await page.getByRole("tabpanel", { name: "Understood" }).getByText("العربية").waitFor();
    await picture(page, "5-arabic");
  },

  async "a stranger gets a polite answer and changes nothing"(page) {
    await page.getByRole("button", { name: /Unknown caller/ }).first().click();
    await write(page, "add a task: paint everything green");
    await bubbles(page).locator(".theirs").first().waitFor();
    await openTab(page, "Changed");
    const changed = page.getByRole("tabpanel", { name: "Changed" });
    await changed.getByText("Marina Heights Tower").waitFor();
    assert.equal(await changed.getByText("paint everything green").count(), 0);
  },

  async "whoever signs up gets a letter, and its link lets them in"(phone) {
    const home = new URL(phone.url()).origin;
    const page = await phone.context().newPage();
    await page.goto(`${home}/sign-up`);
    await page.getByLabel("Organisation").fill("Delta Works");
    await page.getByLabel("Your name").fill("دانا عزيز");
    await page.getByLabel("E-mail address").fill("dana@example.com");
    await page.getByLabel("Password").fill("tower crane sings at nine");
    await page.getByRole("button", { name: "Found an organisation" }).click();
    await page.getByRole("status").getByText(/letter is on its way/).waitFor();
    for (let tries = 0; tries < 100; tries += 1) {
      await page.goto(`${home}/mail`);
      if (await page.getByText("dana@example.com").count()) break;
    }
    await page.locator("li", { hasText: "dana@example.com" }).getByRole("link").click();
    await picture(page, "9-letter");
    await page.locator("pre a").click();
    await page.getByRole("button", { name: "Confirm your address" }).click();
    await page.getByRole("status").getByText(/You can sign in/).waitFor();
    const login = { username: "dana@example.com", password: "tower crane sings at nine" };
    const signedIn = await page.request.post(`${home}/api/v1/auth/login`, { data: login });
    assert.equal(signedIn.status(), 200, await signedIn.text());
    await page.close();
  },

  async "a phone's width shows one view at a time"(page) {
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole("button", { name: "Back to people" }).click();
    await picture(page, "6-narrow-people");
    await choosePerson(page, /Omar Haddad/);
    await picture(page, "7-narrow-chat");
    await page.getByRole("button", { name: "What the system did" }).click();
    await page.getByRole("tabpanel", { name: "Changed" }).waitFor();
    await picture(page, "8-narrow-panel");
  },
};

const { child, url } = await startSystem();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
let failed = false;
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-GB", colorScheme: process.env.COLORS ?? "light" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  context.on("console", message => { if (["error", "warning"].includes(message.type())) complaints.push(message.text()); });
  context.on("weberror", error => complaints.push(String(error.error())));
  context.on("requestfailed", request => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
  await page.goto(`${url}/phone`);
  for (const [name, step] of Object.entries(STEPS)) {
    try {
      await step(page);
      console.log(`ok      ${name}`);
    } catch (error) {
      failed = true;
      console.error(`FAILED  ${name}\n${error.stack}`);
      await picture(page, "failure");
      break;
    }
  }
  assert.deepEqual(complaints, [], "the browser complains of nothing");
  console.log("ok      the browser complains of nothing");
} catch (error) {
  failed = true;
  console.error(`FAILED  ${error.message}`);
} finally {
  await browser.close();
  await stop(child);
}
process.exitCode = failed ? 1 : 0;
