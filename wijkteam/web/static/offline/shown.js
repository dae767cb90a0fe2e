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
/** Fields of which the value is a code: they say nothing to people. */
const CODES = ["barrier", "buurt_code", "next_step_by", "safety_at_stake", "for_information", "kind", "remedy"];

/** @param {Item} item */
const written = (item) => new Date(item.at).toLocaleString("nl-NL", { dateStyle: "long", timeStyle: "short", ...HERE });

/** @param {string} value */
const inWords = (value) =>
  /^\d{4}-\d\d-\d\d$/.test(value) ? new Date(value).toLocaleDateString("nl-NL", { dateStyle: "long", ...HERE }) : value;

/** What a person typed, without codes. @param {Item} item */
const typed = (item) =>
  item.fields
    .filter(([name, value]) => value.trim() && !CODES.includes(name))
    .map(([, value]) => `<p class="typed">${plain(inWords(value))}</p>`)
    .join("");

/** @param {Item} item */
function card(item) {
  const asks = item.state === "asks";
  const says = asks ? "Dit vraagt uw keuze" : "Wacht op verzending";
  const link = `/offline/wacht/${item.id}`;
  const title = deedOf(item.to)?.title || "";
  return `<section class="card waits"><p><span class="badge${asks ? " phase-3" : ""}">${says}</span>
    <b>${plain(title)}</b>${item.about ? ` · ${plain(item.about)}` : ""}<br><span class="help">${plain(written(item))}</span></p>
    ${typed(item)}<p><a class="button quiet" href="${link}">${asks ? "Bekijken en kiezen" : "Bekijken"}</a></p></section>`;
}

/** @param {Item[]} items */
function list(items) {
  const intro = items.length
    ? "Dit staat alleen op dit apparaat. Het wordt verstuurd zodra er verbinding is."
    : "Er wacht niets op verzending.";
  return `<h1>Wacht op verzending</h1><p class="lead">${intro}</p>${items.map(card).join("")}`;
}

/** One thing that waits; `sure` asks whether it may be thrown away. @param {Item} item @param {boolean} sure */
function oneItem(item, sure) {
  const way = `/offline/wacht/${item.id}/weg`;
  if (sure) {
    const perhaps = item.tried
      ? "Misschien is het al aangekomen: er kwam geen antwoord. Met verbinding weet u dat zeker."
      : "Het is nergens anders opgeslagen.";
    return `<h1>Weggooien?</h1><p class="lead">Wat u schreef, is dan weg. ${perhaps}</p>${card(item)}
      <form method="post" action="${way}"><input type="hidden" name="zeker" value="ja">
      <button class="button">Ja, weggooien</button> <a class="button quiet" href="/offline/wacht">Nee, bewaren</a></form>`;
  }
  if (item.state === "asks") return item.html;
  return `<h1>Wacht op verzending</h1>${card(item)}
    <form method="post" action="${way}"><button class="button quiet">Weggooien</button></form>`;
}

/** @param {Item} item */
function cannotBeSent(item) {
  return `<h1>Dit kon niet verstuurd worden</h1><p class="lead">Deze casus is er niet meer voor u, of er is iets anders mis.
    Wat u schreef, is er nog. Kopieer het als u het nodig hebt.</p>${typed(item)}
    <form method="post" action="/offline/wacht/${item.id}/opnieuw"><button class="button">Opnieuw versturen</button></form>
    <form method="post" action="/offline/wacht/${item.id}/weg"><button class="button quiet">Weggooien</button></form>`;
}

/** What was asked before signing out with things that wait. @param {number} count */
function askToLeave(count) {
  const what = count === 1 ? "wacht nog 1 ding" : `wachten nog ${count} dingen`;
  return `<h1>Er ${what} op verzending</h1><p class="lead">Logt u uit, dan blijft dat op dit apparaat staan, op slot.
    Het wordt pas verstuurd als u hier weer inlogt. Een ander kan het niet lezen.</p>
    <p><a class="button" href="/offline/wacht">Eerst bekijken</a></p>
    <form method="post" action="/uitloggen"><input type="hidden" name="zeker" value="ja">
    <button class="button quiet">Toch uitloggen</button></form>`;
}

/** @param {number} count */
function askToSwitchOff(count) {
  return `<h1>Er wacht nog iets op verzending</h1><p class="lead">Zet u dit uit, dan is wat u schreef en niet verstuurd is,
    voorgoed weg. Aantal: ${count}.</p><p><a class="button" href="/offline/wacht">Eerst bekijken</a></p>
    <form method="post" action="/offline/uit"><input type="hidden" name="zeker" value="ja">
    <button class="button quiet">Toch uitzetten, en weggooien</button></form>`;
}

/** A form that cannot wait: what was typed, and a button to try again. @param {string} path @param {[string, string][]} fields */
function tryAgain(path, fields) {
  const shown = fields.filter(([name, value]) => name !== "csrf_token" && name !== "version" && value.trim().length > 3);
  const hidden = fields.map(([name, value]) => `<textarea hidden name="${plain(name)}">\n${plain(value)}</textarea>`);
  return `<section class="card waits"><h2>Wat u invulde, is niet verstuurd</h2>
    ${shown.map(([, value]) => `<p class="typed">${plain(value)}</p>`).join("")}
    <p>Laat deze pagina open tot er weer verbinding is.</p>
    <form method="post" action="${plain(path)}">${hidden.join("")}<button class="button">Opnieuw proberen</button></form></section>`;
}

/** A page of the device: a kept page of the server, filled in. @param {string} html @param {Record<string, string>} parts */
function page(html, parts, status = 200) {
  const filled = html.replace(/<!--offline:([a-z]+)-->/g, (_, name) => parts[name] || "");
  return new Response(filled, { status, headers: HEADERS });
}
