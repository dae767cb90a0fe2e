// What a device keeps: a key, pages, and what waits to be sent. All but the key is encrypted (AES-256-GCM).

/** @typedef {{id: string, key: CryptoKey, until: number, idle: number, used: number}} Held */
/** @typedef {{iv: Uint8Array, data: ArrayBuffer}} Sealed */

const ROOMS = ["key", "kept", "queue", "marks"];
/** How precisely it is written down when the key was last used, in milliseconds. */
const USED_EVERY = 10_000;

/** @returns {Promise<IDBDatabase>} */
function openStore() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("wijkteam", 1);
    asked.onupgradeneeded = () => ROOMS.forEach((room) => asked.result.createObjectStore(room));
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

/**
 * Do several things in one transaction: all of them, or none.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(room: (name: string) => IDBObjectStore) => IDBRequest<T> | void} deed
 * @returns {Promise<T | undefined>} what the request that the deed returns found
 */
async function inStore(mode, deed) {
  const store = await openStore();
  try {
    return await new Promise((done, failed) => {
      const transaction = store.transaction(ROOMS, mode, { durability: "strict" });
      const asked = deed((name) => transaction.objectStore(name));
      transaction.oncomplete = () => done(asked ? asked.result : undefined);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    store.close();
  }
}

/** @param {string} room @param {string} name @returns {Promise<any>} */
const read = (room, name) => inStore("readonly", (of) => of(room).get(name));
/** @param {string} room @returns {Promise<any[]>} */
const readAll = async (room) => (await inStore("readonly", (of) => of(room).getAll())) || [];
/** @param {string} room @param {string} name @param {any} value */
const write = (room, name, value) => inStore("readwrite", (of) => void of(room).put(value, name));
/** @param {string} room @param {string} name */
const drop = (room, name) => inStore("readwrite", (of) => void of(room).delete(name));

/**
 * The key of who is signed in on this device; null when there is none, or nobody did anything for too long.
 * @returns {Promise<Held | null>}
 */
async function held() {
  /** @type {Held | undefined} */
  const key = await read("key", "key");
  if (!key) return null;
  const now = Date.now();
  if (now < key.until && now >= key.used - USED_EVERY && now - key.used < key.idle) return key;
  await lock();
  return null;
}

/** Change the key where it still stands: what was thrown away meanwhile stays away. @param {(key: Held) => Held} change */
const changeKey = (change) =>
  inStore("readwrite", (of) => {
    const asked = of("key").get("key");
    asked.onsuccess = () => asked.result && of("key").put(change(asked.result), "key");
  });

/** Somebody does something: the key stays for a while longer. */
async function used() {
  const key = await held();
  if (key && Date.now() - key.used > USED_EVERY) await changeKey((known) => ({ ...known, used: Date.now() }));
}

/** Throw the key away, and the pages; what waits to be sent stays, and nobody can read it until they sign in again. */
async function lock() {
  await inStore("readwrite", (of) => {
    of("key").clear();
    of("kept").clear();
    of("marks").delete("fetched");
    of("marks").delete("own");
    of("marks").put(crypto.randomUUID(), "locked");
    const asked = of("queue").getAll();
    asked.onsuccess = () => asked.result.filter((row) => row.state === "sent").forEach((row) => of("queue").delete(row.id));
  });
}

/**
 * Hold a key that the server gave, unless this device was locked since it was asked for.
 * @param {{id: string, key: string, until: number, idle: number, now: number}} given
 * @param {string | undefined} locked the mark of the last lock, from before asking
 */
async function holdKey(given, locked) {
  const raw = Uint8Array.from(atob(given.key), (sign) => sign.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  const until = Date.now() + given.until - given.now;
  const row = { id: given.id, key, until, idle: given.idle, used: Date.now() };
  await inStore("readwrite", (of) => {
    const asked = of("marks").get("locked");
    asked.onsuccess = () => asked.result === locked && of("key").put(row, "key");
  });
}

/** What ties what is encrypted to its key and its place. @param {Held} key @param {string} place */
const tied = (key, place) => new TextEncoder().encode(`${key.id} ${place}`);

/** @param {Held} key @param {string} place @param {string} text @returns {Promise<Sealed>} */
async function seal(key, place, text) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: tied(key, place) };
  return { iv, data: await crypto.subtle.encrypt(how, key.key, new TextEncoder().encode(text)) };
}

/** @param {Held} key @param {string} place @param {Sealed} sealed @returns {Promise<string>} */
async function unseal(key, place, sealed) {
  const how = { name: "AES-GCM", iv: sealed.iv, additionalData: tied(key, place) };
  return new TextDecoder().decode(await crypto.subtle.decrypt(how, key.key, sealed.data));
}
