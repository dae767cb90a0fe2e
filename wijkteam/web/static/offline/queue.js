// What waits to be sent: kept until the server has answered, and sent once each, in the order in which it was written.

/**
 * `state`: `sending` while a page is waiting for the answer, `waits`, `asks` for what a person has to look at, or `sent`
 * while the pages that are here do not show yet what came of it.
 * @typedef {{id: string, at: number, state: string, to: string, fields: [string, string][], version: string,
 *   about: string, tried: boolean, html: string}} Item
 */

/** After so many milliseconds no answer comes any more. */
const PATIENCE = 20_000;
/** What the server says when it is not there itself, but something before it is. */
const AWAY = [502, 503, 504];
const OPENING = "/casus/openen";
const STEP = /^\/casus\/([a-z0-9]+)\/(?:stap\/(add_note|change_next_step|lose_contact|regain_contact)|(opschalen))$/;

/** Where a form leads, when it can be kept: the case (none for opening one) and what it does. @param {string} path */
function deedOf(path) {
  if (path === OPENING) return { caseId: "", name: "openen", way: "/offline/verzenden/openen" };
  const found = STEP.exec(path);
  if (!found) return null;
  const [, caseId, step, up] = found;
  const name = step || up;
  return { caseId, name, way: `/offline/verzenden/${caseId}/${up ? "escalate" : step}` };
}

/** @param {Held} key @param {Item} item */
async function sealItem(key, item) {
  const sealed = await seal(key, `queue ${item.id}`, JSON.stringify(item));
  return { id: item.id, owner: key.id, state: item.state, sealed };
}

/** @param {Held} key @param {Item} item */
async function keepItem(key, item) {
  await write("queue", item.id, await sealItem(key, item));
}

/** What the holder of this key has waiting, oldest first. @param {Held} key @returns {Promise<Item[]>} */
const itemsOf = (key) => itemsWhere(key, (row) => row.state !== "sent");

/** What arrived, and stands on no page that is here yet. @param {Held} key @returns {Promise<Item[]>} */
const sentOf = (key) => itemsWhere(key, (row) => row.state === "sent");

/** @param {Held} key @param {(row: {id: string, state: string}) => boolean} which @returns {Promise<Item[]>} */
async function itemsWhere(key, which) {
  const mine = (await readAll("queue")).filter((row) => row.owner === key.id && which(row));
  const opened = mine.map(async (row) => JSON.parse(await unseal(key, `queue ${row.id}`, row.sealed)));
  return (await Promise.all(opened)).sort((one, other) => one.at - other.at);
}

/** Ask the server something; fails when there is no connection. @param {string} way @param {RequestInit} [how] */
async function ask(way, how = {}) {
  const answer = await fetch(way, { redirect: "manual", cache: "no-store", signal: AbortSignal.timeout(PATIENCE), ...how });
  if (AWAY.includes(answer.status)) throw new TypeError("the server is away");
  return answer;
}

/** Whose copies this device may hold, and a token; null when nobody is signed in. */
async function standing() {
  const answer = await ask("/offline/stand");
  return answer.ok ? /** @type {{key: string | null, token: string, language: string}} */ (await answer.json()) : null;
}

/** @param {string} way @param {string} token @param {URLSearchParams} body @param {Record<string, string>} [more] */
const post = (way, token, body, more = {}) =>
  ask(way, { method: "POST", body, headers: { "X-CSRFToken": token, ...more } });

/** Send all that waits; others that want to send at this moment wait for this. */
async function sendAll() {
  await navigator.locks.request("wijkteam-sending", async () => {
    const key = await held();
    const items = key ? (await itemsOf(key)).filter(isDue) : [];
    if (!key || !items.length) return;
    const stand = await standing();
    if (!stand || stand.key !== key.id) {
      await lock();
      return;
    }
    for (const each of items) {
      const item = (await itemsOf(key)).find((one) => one.id === each.id && isDue(one));
      if (item) await sendItem(key, item, stand.token);
    }
  });
}

/** Whether it is time to send: also what a page began to send, and never heard of again. @param {Item} item */
const isDue = (item) => item.state === "waits" || (item.state === "sending" && Date.now() - item.at > 2 * PATIENCE);

/** Send one; fails when the connection does. @param {Held} key @param {Item} item @param {string} token */
async function sendItem(key, item, token) {
  const deed = deedOf(item.to);
  if (!deed) return;
  const body = new URLSearchParams([...item.fields, ["version", item.version]]);
  const headers = { "Idempotency-Key": item.id, "X-Written-At": new Date(item.at).toISOString() };
  await keepItem(key, { ...item, tried: true });
  const answer = await post(deed.way, token, body, headers);
  if (answer.ok) {
    await itemDone(key, item, (await answer.json()).version);
  } else if (answer.status === 409 || answer.status === 422) {
    await keepItem(key, { ...item, state: "asks", html: (await answer.json()).html });
  } else if (answer.status === 404 || answer.status === 413) {
    await keepItem(key, { ...item, state: "asks", html: "" });
  } else if (answer.type === "opaqueredirect" || answer.status === 401) {
    await lock();
    throw new TypeError("nobody is signed in any more");
  } else if (answer.status === 429) {
    throw new TypeError("the server asks to wait");
  }
}

/** It arrived: what I wrote after it on the same case was written knowing it. @param {Held} key @param {Item} item */
async function itemDone(key, item, version) {
  const caseId = deedOf(item.to)?.caseId;
  const own = version === Number(item.version) + 1;
  const others = own ? (await itemsOf(key)).filter((one) => one.id !== item.id && one.version === item.version) : [];
  const alike = others.filter((one) => one.state !== "sending" && deedOf(one.to)?.caseId === caseId);
  const rows = await Promise.all(alike.map((one) => sealItem(key, { ...one, version: String(version) })));
  rows.push(await sealItem(key, { ...item, state: "sent" }));
  await inStore("readwrite", (of) => {
    rows.forEach((row) => of("queue").put(row, row.id));
    if (own) noteOwn(of, caseId, item.version, version);
  });
}

/** Remember that from one version to the next of a case there was nothing but my own step. */
function noteOwn(of, caseId, from, to) {
  const asked = of("marks").get("own");
  asked.onsuccess = () => of("marks").put({ ...asked.result, [`${caseId} ${from}`]: to }, "own");
}

/** The version that I know: the one on the page, and my own steps since. @param {string} caseId @param {string} seen */
async function knownVersion(caseId, seen) {
  const own = (await read("marks", "own")) || {};
  let version = seen;
  while (own[`${caseId} ${version}`]) version = String(own[`${caseId} ${version}`]);
  return version;
}
