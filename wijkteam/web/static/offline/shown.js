// What is shown from the device: pages of the server that were kept, with what waits filled in.

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
const HEADERS = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": POLICY,
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-store",
};
const SIGNS = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Text as it may stand in a page. @param {string} text */
const plain = (text) => text.replace(/[&<>"']/g, (sign) => SIGNS[sign]);

const HERE = { timeZone: "Europe/Amsterdam" };
/** Fields of which the value is a code, or the number of a form: they say nothing to people. */
const CODES = ["sending", "seen_doubles", "barrier", "buurt_code", "next_step_by", "safety_at_stake", "for_information"];
CODES.push("kind", "remedy", "said_by", "life_domain");

/** What this script says, by name, in one language. @typedef {Record<string, string>} Words */

/** The words in the language of a page. @param {string} html @returns {Words} */
const wordsOf = (html) => TEXTS[/<html lang="([a-z]+)"/.exec(html)?.[1] || CHIEF] || TEXTS[CHIEF];

/** @param {Item} item @param {Words} words */
const written = (item, words) =>
  new Date(item.at).toLocaleString(words.place, { dateStyle: "long", timeStyle: "short", ...HERE });

/** @param {string} name @param {string} value @param {Words} words */
function inWords(name, value, words) {
  if (name === "contact_kind") return words[value] || value;
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value);
  return isDay ? new Date(value).toLocaleDateString(words.place, { dateStyle: "long", ...HERE }) : value;
}

/** What a person typed, without codes. @param {{fields: [string, string][]}} item @param {Words} words */
const typed = (item, words) =>
  item.fields
    .filter(([name, value]) => value.trim() && !CODES.includes(name))
    .map(([name, value]) => `<p class="typed">${plain(inWords(name, value, words))}</p>`)
    .join("");

/** @param {Item} item @param {Words} words */
function card(item, words) {
  const asks = item.state === "asks";
  const sent = item.state === "sent";
  const says = asks ? words.asks : sent ? words.sent : words.waits;
  const link = `/offline/wacht/${item.id}`;
  const title = words[deedOf(item.to)?.name || ""] || "";
  const leads = `<p><a class="button quiet" href="${link}">${asks ? words.choose : words.look}</a></p>`;
  return `<section class="card${sent ? "" : " waits"}"><p><span class="badge${asks ? " phase-3" : ""}">${says}</span>
    <b>${plain(title)}</b>${item.about ? ` · ${plain(item.about)}` : ""}<br><span class="help">${plain(written(item, words))}</span></p>
    ${typed(item, words)}${sent ? `<p class="help">${words.notOnPage}</p>` : leads}</section>`;
}

/** @param {Item[]} items @param {Words} words */
function list(items, words) {
  const intro = items.length ? words.onlyHere : words.nothingWaits;
  return `<h1>${words.waits}</h1><p class="lead">${intro}</p>${items.map((item) => card(item, words)).join("")}`;
}

/** One thing that waits; `sure` asks whether it may be thrown away. @param {Item} item @param {boolean} sure @param {Words} words */
function oneItem(item, sure, words) {
  const way = `/offline/wacht/${item.id}/weg`;
  if (sure) {
    const perhaps = item.tried ? words.perhapsSent : words.nowhereElse;
    return `<h1>${words.throwAwaySure}</h1><p class="lead">${words.thenGone} ${perhaps}</p>${card(item, words)}
      <form method="post" action="${way}"><input type="hidden" name="zeker" value="ja">
      <button class="button">${words.yesThrowAway}</button> <a class="button quiet" href="/offline/wacht">${words.noKeep}</a></form>`;
  }
  if (item.state === "asks") return item.html || cannotBeSent(item, words);
  return `<h1>${words.waits}</h1>${card(item, words)}
    <form method="post" action="${way}"><button class="button quiet">${words.throwAway}</button></form>`;
}

/** @param {Item} item @param {Words} words */
function cannotBeSent(item, words) {
  return `<h1>${words.notSent}</h1><p class="lead">${words.caseGone}</p>${typed(item, words)}
    <form method="post" action="/offline/wacht/${item.id}/opnieuw"><button class="button">${words.sendAgain}</button></form>
    <form method="post" action="/offline/wacht/${item.id}/weg"><button class="button quiet">${words.throwAway}</button></form>`;
}

/** What was asked before signing out with things that wait. @param {number} count @param {Words} words */
function askToLeave(count, words) {
  const what = count === 1 ? words.leaveOne : words.leaveMany.replace("{count}", String(count));
  return `<h1>${what}</h1><p class="lead">${words.leaveHow}</p>
    <p><a class="button" href="/offline/wacht">${words.lookFirst}</a></p>
    <form method="post" action="/uitloggen"><input type="hidden" name="zeker" value="ja">
    <button class="button quiet">${words.leave}</button></form>`;
}

/** @param {number} count @param {Words} words */
function askToSwitchOff(count, words) {
  return `<h1>${words.offWaits}</h1><p class="lead">${words.offHow.replace("{count}", String(count))}</p>
    <p><a class="button" href="/offline/wacht">${words.lookFirst}</a></p>
    <form method="post" action="/offline/uit"><input type="hidden" name="zeker" value="ja">
    <button class="button quiet">${words.off}</button></form>`;
}

/** A form that cannot wait: what was typed, and a button to try again. @param {string} path @param {[string, string][]} fields @param {Words} words */
function tryAgain(path, fields, words) {
  const shown = fields.filter(([name, value]) => name !== "csrf_token" && name !== "version" && value.trim().length > 3);
  const hidden = fields.map(([name, value]) => `<textarea hidden name="${plain(name)}">\n${plain(value)}</textarea>`);
  return `<section class="card waits"><h2>${words.formNotSent}</h2>
    ${typed({ fields: shown }, words)}
    <p>${words.leaveOpen}</p>
    <form method="post" action="${plain(path)}">${hidden.join("")}<button class="button">${words.tryAgain}</button></form></section>`;
}

/** A page of the device: a kept page of the server, filled in. @param {string} html @param {Record<string, string>} parts */
function page(html, parts, status = 200) {
  const filled = html.replace(/<!--offline:([a-z]+)-->/g, (_, name) => parts[name] || "");
  return new Response(filled, { status, headers: HEADERS });
}
