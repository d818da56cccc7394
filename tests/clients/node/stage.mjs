// The running demo: its addresses, its people, its controls.

import { Directory } from "../browser/directory.mjs";

if (!process.env.DEMO) throw new Error("run `npm test`: it starts the demo that these tests need");

export const { api, http, https } = JSON.parse(process.env.DEMO);

/** One of the simulator's controls: `GET`, or another method with a body. */
export async function control(name, body, method = body ? "POST" : "GET") {
  const answer = await fetch(`${http}/sim/${name}`, { method, body: body && JSON.stringify(body) });
  if (!answer.ok) throw new Error(`/sim/${name}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

export const directory = new Directory(await control("directory"));

/** The scope of the tasks API. */
export const TASKS = `${directory.application("Tasks API").identifier_uris[0]}/access_as_user`;

/** Runs something while the authority does not obey its own list of allowed tenants. */
export async function withoutNativeList(run) {
  const { enabled } = await control("native-allow-list");
  await control("native-allow-list", { enabled: false });
  try {
    return await run();
  } finally {
    await control("native-allow-list", { enabled });
  }
}

/** Sets the authority's own list for one test file. The demo starts with it off. */
export function nativeList(enabled) {
  return control("native-allow-list", { enabled });
}

/** A call of the tasks API. */
export function callTasks(token) {
  return fetch(`${api}/api/me`, { headers: { authorization: `Bearer ${token}` } });
}

/** What a token says. For looking only: nothing is proven by it. */
export function claims(token) {
  return JSON.parse(Buffer.from(token.split(".")[1], "base64url").toString());
}
