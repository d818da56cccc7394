// Pictures of a page in light, dark and on a phone, kept under `target/screenshots/` for people to look at.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { executable } from "./demo.mjs";

const DESK = { width: 1200, height: 900 };
const PHONE = { width: 390, height: 844 };

const LOOKS = [
  ["light", "light", DESK],
  ["dark", "dark", DESK],
  ["phone", "light", PHONE],
];

/** `{name}-light.png`, `-dark.png`, `-phone.png`. Leaves the page as it was. */
export async function picture(page, name) {
  const folder = path.resolve(executable(), "../../screenshots");
  await mkdir(folder, { recursive: true });
  for (const [look, colorScheme, size] of LOOKS) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize(size);
    await page.screenshot({ path: path.join(folder, `${name}-${look}.png`), fullPage: true });
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.setViewportSize(DESK);
}
