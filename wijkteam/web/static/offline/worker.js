// Stands between pages and network: passes everything on, and answers itself where there is no connection.

const SHELL = `wijkteam-${VERSION}`;
/** The language of who never chose one. */
const [CHIEF] = Object.keys(TEXTS);
/** What is shown when nobody can read what is here, in each language. */
const CLOSED = Object.keys(TEXTS).map((tongue) => `/offline/dicht?taal=${tongue}`);
/** After so many milliseconds a page that is on the device is shown from there. */
const SLOW = 8_000;
const RENEW_EVERY = 5 * 60_000;
/** Answers with what was typed in them: the form again, or the form of signing in that keeps it. */
const GIVES_BACK = [200, 401, 409, 422];
const SECRET = /password|present|code|^new$|^again$|bsn|proof_/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(SHELL).then(async (shell) => {
      await shell.addAll(ASSETS.map((each) => new Request(each, { cache: "reload" })));
      for (const each of CLOSED) await shell.put(each, await fetch(each, { credentials: "omit", cache: "reload" }));
      await self.skipWaiting();
    }),
  );
});

self.addEventListener("activate", (event) => {
  const others = async () => (await caches.keys()).filter((name) => name.startsWith("wijkteam-") && name !== SHELL);
  event.waitUntil(others().then((old) => Promise.all(old.map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(request.method === "POST" ? send(request, url) : show(request, url));
  else if (request.method === "GET" && url.pathname.startsWith("/static/")) event.respondWith(asset(request));
});

self.addEventListener("sync", (event) => event.waitUntil(catchUp(false)));

self.addEventListener("message", (event) => {
  const tell = (state) => (event.ports[0] || event.source)?.postMessage(state);
  if (event.data === "used") event.waitUntil(used());
  if (event.data === "lock") event.waitUntil(lock());
  if (event.data === "state") event.waitUntil(state(false).then(tell));
  if (event.data === "catch up") event.waitUntil(catchUp(true).then(tell));
});

/** @param {Request} request */
async function asset(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request.url, { ignoreSearch: true })) || (await sheetOfNow(request)) || Response.error();
  }
}

/** A page that was kept before the look changed asks for the style sheet of then. @param {Request} request */
async function sheetOfNow(request) {
  const here = await caches.open(SHELL);
  const sheet = ASSETS.find((each) => each.endsWith(".css"));
  return request.url.endsWith(".css") && sheet ? here.match(sheet) : undefined;
}

/** How things stand, for pages: what waits, what asks a choice, how many cases are here, of when. */
async function state(connected) {
  const key = await held();
  const items = key ? await itemsOf(key) : [];
  const fetched = await read("marks", "fetched");
  const asks = items.filter((item) => item.state === "asks").length;
  return { connected, locked: !key, waits: items.length - asks, asks, cases: fetched?.cases ?? null, at: fetched?.at || "" };
}

/** Whatever is to be done with a connection: end what was ended, get the key, send, renew. @param {boolean} renew */
async function catchUp(renew) {
  try {
    if (await leftBefore()) return await state(true);
    const stand = await standing();
    const key = await held();
    if (!stand?.key || (key && key.id !== stand.key)) await lock();
    if (!stand?.key) return await state(true);
    if (!(await held())) await fetchKey(stand.token);
    await sendAll();
    // one after the other, so that what was asked first is never written last
    if (renew) await navigator.locks.request("wijkteam-renewing", async () => (await isOld(stand)) && fetchPages(stand));
    return await state(true);
  } catch (error) {
    console.info("wijkteam: later", String(error));
    return await state(false);
  }
}

/** Whether the pages that are here are of before something that was sent, of too long ago, or in another language. */
async function isOld({ language }) {
  const key = await held();
  if (key && (await sentOf(key)).length) return true;
  const fetched = await read("marks", "fetched");
  return !fetched || Date.now() - fetched.when > RENEW_EVERY || (await read("marks", "language")) !== language;
}

/** Who signed out here without a connection is signed out at the server now. @returns whether there was somebody */
async function leftBefore() {
  if (!(await read("marks", "left"))) return false;
  const stand = await standing();
  if (stand) await post("/uitloggen", stand.token, new URLSearchParams());
  await drop("marks", "left");
  return true;
}

/** @param {string} token */
async function fetchKey(token) {
  const locked = await read("marks", "locked");
  const answer = await post("/offline/sleutel", token, new URLSearchParams());
  if (answer.ok) await holdKey(await answer.json(), locked);
}

/** Bring the kept pages up to date; what is no longer mine goes. @param {{token: string, language: string}} stand */
async function fetchPages({ token, language }) {
  const key = await held();
  if (!key) return;
  const shown = await sentOf(key); // what is sent from here on may not stand in these pages yet
  const known = await readAll("kept");
  const have = known.map((row) => `${row.path} ${row.digest}`).join("\n");
  const answer = await post("/offline/pakket", token, new URLSearchParams({ have }));
  if (!answer.ok) return;
  const given = await answer.json();
  if (given.key !== key.id) return lock();
  const rows = [];
  for (const [path, { digest, html }] of Object.entries(given.pages)) {
    if (html !== null) rows.push({ path, digest, sealed: await seal(key, `kept ${path}`, html) });
  }
  const cases = Object.keys(given.pages).filter((path) => path.startsWith("/casus/") && path !== OPENING).length;
  await inStore("readwrite", (of) => {
    const asked = of("key").get("key");
    asked.onsuccess = () => {
      if (asked.result?.id !== key.id) return;
      known.filter((row) => !(row.path in given.pages)).forEach((row) => of("kept").delete(row.path));
      rows.forEach((row) => of("kept").put(row, row.path));
      shown.forEach((item) => of("queue").delete(item.id));
      of("marks").put({ when: Date.now(), at: given.at, cases }, "fetched");
      of("marks").put(language, "language");
      of("marks").delete("own");
    };
  });
}

/** A kept page; null when it is not here. @param {Held} key @param {string} path */
async function keptPage(key, path) {
  const row = await read("kept", path);
  return row ? unseal(key, `kept ${path}`, row.sealed) : null;
}

/** What is shown when nobody can read what is here. */
async function closedPage() {
  const tongue = (await read("marks", "language")) || CHIEF;
  return (await caches.match(`/offline/dicht?taal=${tongue}`)) || Response.error();
}

/** @param {Held} key @param {string} path @param {Record<string, string | ((words: Words) => string)>} [parts]
 * @param {boolean} [connected] */
async function fromDevice(key, path, parts = {}, connected = false) {
  const mine = await keptPage(key, path);
  const html = mine || (await keptPage(key, "*"));
  if (!html) return closedPage();
  await used();
  const about = deedOf(`${path}/opschalen`)?.caseId;
  const all = [...(await sentOf(key)), ...(await itemsOf(key))];
  const opened = (/** @type {Item} */ item) => !mine && about && item.state === "sent" && item.to === OPENING;
  const items = all.filter((item) => path === "/" || deedOf(item.to)?.caseId === about || opened(item));
  const at = (await read("marks", "fetched"))?.at || "?";
  const words = wordsOf(html);
  const stand = connected ? "" : words.standing.replace("{at}", plain(at));
  const said = Object.entries(parts).map(([name, part]) => [name, typeof part === "string" ? part : part(words)]);
  const waiting = items.map((item) => card(item, words)).join("");
  return page(html, { stand, waiting, ...Object.fromEntries(said) });
}

/** @param {Request} request @param {URL} url */
async function show(request, url) {
  if (url.pathname.startsWith("/offline/wacht") && (await held())) return showWaiting(url.pathname);
  try {
    await leftBefore();
    const here = (await held()) && (await read("kept", url.pathname));
    const answer = await (here ? fetch(request, { signal: AbortSignal.timeout(SLOW) }) : fetch(request));
    if (AWAY.includes(answer.status)) throw new TypeError("the server is away");
    await used();
    return await noticed(answer);
  } catch {
    const key = await held();
    if (!key || (await read("marks", "left"))) return closedPage();
    const escalates = deedOf(url.pathname)?.name === "opschalen" && (await read("kept", url.pathname.slice(0, -10)));
    return escalates ? escalateFromDevice(key, url.pathname) : fromDevice(key, url.pathname);
  }
}

/** Every page of the server says whose copies may be here: of anybody else nothing stays. @param {Response} answer */
async function noticed(answer) {
  const whose = answer.headers.get("X-Offline-Key");
  const key = whose ? await read("key", "key") : null;
  if (key && key.id !== whose) await lock();
  return answer;
}

/** @param {string} path */
async function showWaiting(path) {
  const key = /** @type {Held} */ (await held());
  const [, , , id] = path.split("/");
  const items = await itemsOf(key);
  const item = items.find((one) => one.id === id);
  if (id && !item) return Response.redirect("/offline/wacht", 303);
  const content = (/** @type {Words} */ words) => (item ? oneItem(item, false, words) : list(items, words));
  return fromDevice(key, "/offline/wacht", { content }, true);
}

/** @param {Request} request @param {URL} url */
async function send(request, url) {
  const key = await held();
  const form = (request.headers.get("Content-Type") || "").startsWith("application/x-www-form-urlencoded");
  if (url.pathname === "/uitloggen") return leave(request, key);
  if (!key || !form) return noticed(await fetch(request));
  const body = new URLSearchParams(await request.clone().text());
  if (url.pathname === "/offline/uit") return switchOff(request, key, body);
  if (url.pathname.startsWith("/offline/wacht/")) return changeItem(key, url.pathname, body);
  if (deedOf(url.pathname)) return sendOrKeep(key, request, url.pathname, body);
  try {
    return await noticed(await fetch(request));
  } catch (error) {
    const fields = [...body];
    if (fields.some(([name]) => SECRET.test(name))) throw error;
    return fromDevice(key, "*", { content: (words) => tryAgain(url.pathname, fields, words) });
  }
}

/** A form that can wait: kept first, then sent, and forgotten once the server has answered. */
async function sendOrKeep(key, request, path, body) {
  const { caseId } = /** @type {{caseId: string}} */ (deedOf(path));
  const token = body.get("csrf_token");
  if (path.endsWith("/opschalen") && !body.get("barrier")) return askBarrier(key, request, path, body);
  const version = await knownVersion(caseId, body.get("version") || "");
  const fields = [...body].filter(([name]) => name !== "csrf_token" && name !== "version");
  const id = crypto.randomUUID();
  const about = caseId ? await titleOf(key, caseId) : "";
  const item = { id, at: Date.now(), state: "sending", to: path, fields, version, about, tried: Boolean(token), html: "" };
  await keepItem(key, item);
  await used();
  let refused = false;
  if (token) {
    try {
      const answer = await ask(path, { method: "POST", body, headers: { "Idempotency-Key": id } });
      const done = answer.type === "opaqueredirect";
      const row = await sealItem(key, { ...item, state: "sent" });
      refused = !done && !GIVES_BACK.includes(answer.status); // a page without what was typed: that stays here
      if (!refused) {
        await inStore("readwrite", (of) => {
          if (done) of("queue").put(row, id);
          else of("queue").delete(id);
          if (done && version) noteOwn(of, caseId, version, Number(version) + 1);
        });
        return await noticed(answer);
      }
    } catch {
      // no answer came: it may have arrived or not, and is sent again under the same number
    }
  }
  await keepItem(key, { ...item, state: "waits" });
  await self.registration.sync?.register("verzenden").catch(() => undefined);
  if (!token || refused) await catchUp(false);
  const left = (await itemsOf(key)).find((one) => one.id === id);
  if (left?.state === "asks") return Response.redirect(`/offline/wacht/${id}`, 303);
  return Response.redirect(caseId ? `/casus/${caseId}` : "/", 303);
}

/** The first half of escalating asks what stands in the way. */
async function askBarrier(key, request, path, body) {
  try {
    return await noticed(await fetch(request));
  } catch {
    return escalateFromDevice(key, path, body.get("question") || "");
  }
}

/** @param {Held} key @param {string} path @param {string} [question] */
const escalateFromDevice = (key, path, question = "") =>
  fromDevice(key, "opschalen", { path: plain(path), question: plain(question) });

/** What the case is called, for the list of what waits. @param {Held} key @param {string} caseId */
async function titleOf(key, caseId) {
  const found = /<h1>([^<]*)<\/h1>/.exec((await keptPage(key, `/casus/${caseId}`)) || "");
  return found ? found[1].replace(/&#?[a-z0-9]+;/g, (sign) => LETTERS[sign] ?? "") : "";
}
const LETTERS = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&#34;": '"', "&#39;": "'" };

/** Send something that asked a choice after all, or throw it away. */
async function changeItem(key, path, body) {
  const [, , , id, what] = path.split("/");
  const item = (await itemsOf(key)).find((one) => one.id === id);
  if (item && what === "weg") {
    if (body.get("zeker") !== "ja") {
      return fromDevice(key, "/offline/wacht", { content: (words) => oneItem(item, true, words) }, true);
    }
    await drop("queue", id);
  } else if (item && what === "opnieuw") {
    const fields = [...body].filter(([name]) => name !== "version");
    const version = body.get("version") || item.version;
    await keepItem(key, { ...item, state: "waits", version, fields: fields.length ? fields : item.fields });
    await catchUp(false);
    const left = (await itemsOf(key)).find((one) => one.id === id);
    const { caseId } = deedOf(item.to) || {};
    if (!left) return Response.redirect(caseId ? `/casus/${caseId}` : "/", 303);
    if (left.state === "asks") return Response.redirect(`/offline/wacht/${id}`, 303);
  }
  return Response.redirect("/offline/wacht", 303);
}

/** Sign out: the key leaves first, also without a connection. @param {Request} request @param {Held | null} key */
async function leave(request, key) {
  const body = new URLSearchParams(await request.clone().text());
  const count = key ? (await itemsOf(key)).length : 0;
  if (key && count && body.get("zeker") !== "ja") {
    return fromDevice(key, "/offline/wacht", { content: (words) => askToLeave(count, words) }, true);
  }
  await lock();
  await write("marks", "left", true);
  try {
    const token = (await standing())?.token || body.get("csrf_token") || "";
    const answer = await post("/uitloggen", token, new URLSearchParams());
    await drop("marks", "left");
    return answer;
  } catch {
    return closedPage();
  }
}

/** Switch off: with a connection only, for the server throws the key away. */
async function switchOff(request, key, body) {
  const items = await itemsOf(key);
  if (items.length && body.get("zeker") !== "ja") {
    return fromDevice(key, "/offline/wacht", { content: (words) => askToSwitchOff(items.length, words) }, true);
  }
  let answer;
  try {
    answer = await post("/offline/uit", (await standing())?.token || "", new URLSearchParams());
  } catch {
    return fromDevice(key, "*");
  }
  if (answer.type === "opaqueredirect") {
    await inStore("readwrite", (of) => items.forEach((item) => of("queue").delete(item.id))).catch(() => undefined);
    await lock().catch(() => undefined); // where nobody else takes cases along, the browser wiped it all already
  }
  return answer;
}
