// A device without a keyboard shows a code; a person enters it in a browser (row 94).

import assert from "node:assert/strict";

import { inBrowser } from "./stage.mjs";
import { typePassword } from "./steps.mjs";
import { picture } from "./screenshots.mjs";

inBrowser("a person signs a device in", async (stage) => {
  const { page, directory } = stage;
  const device = await Device.start(stage);
  assert.equal((await device.poll()).error, "authorization_pending");

  await page.goto(device.verification_uri);
  await picture(page, "simulator-device-code");
  await page.locator("#otc").fill(device.user_code.toLowerCase());
  await page.locator("#idSIButton9").click();
  await typePassword(page, directory.member("Fabrikam", "Editor"));
  await page.getByRole("heading", { name: "Are you signing in to Tasks CLI?" }).waitFor();
  await picture(page, "simulator-device-confirm");
  await page.locator("#idSIButton9").click();
  await page.getByRole("heading", { name: "You are signed in on the device" }).waitFor();
  await picture(page, "simulator-device-done");

  const { access_token } = await device.poll();
  const answer = await fetch(`${stage.demo.api}/api/me`, {
    headers: { Authorization: `Bearer ${access_token}` },
  });
  assert.equal((await answer.json()).tenant_id, directory.tenant("Fabrikam").id);
});

inBrowser("a person who was sent a stranger's code cancels", async (stage) => {
  const { page, directory } = stage;
  const device = await Device.start(stage);
  await page.goto(device.verification_uri);
  await page.locator("#otc").fill(device.user_code);
  await page.locator("#idSIButton9").click();
  await typePassword(page, directory.member("Fabrikam", "Editor"));
  await page.locator("#idBtn_Back").click();
  await page.getByRole("heading", { name: "Nothing was signed in" }).waitFor();
  assert.equal((await device.poll()).error, "authorization_declined");
});

inBrowser("a code that nobody gave out is refused", async ({ page, demo }) => {
  await page.goto(`${demo.https}/device`);
  await page.locator("#otc").fill("BBBBBBBBB");
  await page.locator("#idSIButton9").click();
  await page.getByRole("alert").waitFor();
});

/** Something that polls. */
class Device {
  static async start({ demo, directory }) {
    const client_id = directory.application("Tasks CLI").app_id;
    const scope = `${directory.application("Tasks API").identifier_uris[0]}/access_as_user openid`;
    const device = new Device();
    device.authority = `${demo.http}/organizations/oauth2/v2.0`;
    device.client_id = client_id;
    return Object.assign(device, await device.post("devicecode", { client_id, scope }));
  }

  poll() {
    const { client_id, device_code } = this;
    return this.post("token", {
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      client_id,
      device_code,
    });
  }

  async post(endpoint, form) {
    const answer = await fetch(`${this.authority}/${endpoint}`, {
      method: "POST",
      body: new URLSearchParams(form),
    });
    return answer.json();
  }
}
