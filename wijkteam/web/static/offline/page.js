// On every page of a device on which this is on: looks after the service worker, and says what waits.
"use strict";
(() => {
  const CATCH_UP_EVERY = 60_000;
  const MOVES = ["pointerdown", "keydown", "scroll"];
  const says = document.querySelector("[data-offline-stand]");
  const ready = document.querySelector("[data-offline-ready]");
  const fromDevice = Boolean(document.querySelector(".offline-stand b"));
  /** Where what waits stands itself: nothing is said of it above, and the list stays where somebody taps. */
  const tellsItself = window.location.pathname.startsWith("/offline/wacht");
  /**
   * What was said last in this tab and to whom, so that the next page begins with it and does not move under somebody's
   * finger. Of somebody else nothing is said.
   */
  const LAST = "wijkteam-stand";
  let told = 0;

  /** @param {string} what */
  const tell = async (what) => (await navigator.serviceWorker.ready).active?.postMessage(what);

  /** @param {string | undefined} text with places to fill in @param {number} count @param {string} [at] */
  const fill = (text = "", count, at = "") => text.replace("{count}", String(count)).replace("{at}", at);

  /** @param {string} text @param {string} [link] @param {string} [title] */
  const say = (text, link, title) => {
    if (!says) return;
    says.replaceChildren(text);
    if (link) {
      const leads = Object.assign(document.createElement("a"), { href: link, textContent: title });
      says.append(" ", leads);
    }
    says.hidden = !text;
  };

  /** @param {{connected: boolean, locked: boolean, waits: number, asks: number, cases: number | null, at: string}} state */
  const show = (state) => {
    const words = says?.dataset || {};
    sessionStorage.setItem(LAST, JSON.stringify({ of: words.of, asks: state.asks, waits: state.waits }));
    if (sayWhatWaits(state)) return stand(state);
    if (fromDevice && state.connected) say(words.back, window.location.href, words.renew);
    else say("");
    stand(state);
  };

  /** @param {{asks: number, waits: number}} state @returns whether there was anything to say */
  const sayWhatWaits = ({ asks, waits }) => {
    const words = says?.dataset || {};
    if (tellsItself || !(asks || waits)) return false;
    say(asks ? fill(words.asks, asks) : fill(words.waits, waits), "/offline/wacht", words.look);
    return true;
  };

  /** @param {{connected: boolean, locked: boolean, cases: number | null, at: string}} state */
  const stand = (state) => {
    document.documentElement.dataset.offline = state.locked ? "locked" : state.connected ? "connected" : "cut";
    if (ready && state.cases !== null) {
      const { one, many } = ready.dataset;
      ready.textContent = fill(state.cases === 1 ? one : many, state.cases, state.at);
    }
  };

  if (!("serviceWorker" in navigator && crypto.subtle)) {
    if (ready) ready.textContent = ready.dataset.cannot;
    return;
  }
  const last = JSON.parse(sessionStorage.getItem(LAST) || "{}");
  if (says?.dataset.of && says.dataset.of === last.of) sayWhatWaits(last);
  navigator.serviceWorker.addEventListener("message", (event) => show(event.data));
  navigator.serviceWorker.register("/offline.js").then(
    () => tell("catch up"),
    () => tell("state"),
  );
  if (ready) navigator.storage.persist().catch(() => undefined); // else a full device may throw away what waits
  window.addEventListener("online", () => tell("catch up"));
  document.addEventListener("visibilitychange", () => document.hidden || tell("catch up"));
  setInterval(() => tell("catch up"), CATCH_UP_EVERY);
  for (const move of MOVES) {
    window.addEventListener(
      move,
      () => {
        if (Date.now() - told < 20_000) return;
        told = Date.now();
        tell("used");
      },
      { passive: true },
    );
  }
})();
