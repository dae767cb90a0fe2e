// On every page of a device on which this is on: looks after the service worker, and says what waits.
"use strict";
(() => {
  const CATCH_UP_EVERY = 60_000;
  const MOVES = ["pointerdown", "keydown", "scroll"];
  const says = document.querySelector("[data-offline-stand]");
  const ready = document.querySelector("[data-offline-ready]");
  const fromDevice = Boolean(document.querySelector(".offline-stand b"));
  let told = 0;

  /** @param {string} what */
  const tell = async (what) => (await navigator.serviceWorker.ready).active?.postMessage(what);

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
    if (state.asks) say(`${state.asks} × vraagt uw keuze voordat het verstuurd kan worden.`, "/offline/wacht", "Bekijken");
    else if (state.waits) say(`${state.waits} × wacht op verzending.`, "/offline/wacht", "Bekijken");
    else if (fromDevice && state.connected) say("Er is weer verbinding.", window.location.href, "Vernieuw deze pagina");
    else say("");
    document.documentElement.dataset.offline = state.locked ? "locked" : state.connected ? "connected" : "cut";
    if (ready && state.cases !== null) {
      const many = state.cases === 1 ? "staat 1 casus" : `staan ${state.cases} casussen`;
      ready.textContent = `Op dit apparaat ${many}, bijgewerkt om ${state.at}.`;
    }
  };

  if (!("serviceWorker" in navigator && crypto.subtle)) {
    if (ready) ready.textContent = "Deze browser kan dit niet.";
    return;
  }
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
