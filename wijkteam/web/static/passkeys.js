// Asks the browser's own keys to answer a question of the server, and sends the answer along with the form.
"use strict";
(() => {
  const toBytes = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  };
  const toText = (buffer) => {
    let plain = "";
    for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const withBytes = (keys) => (keys || []).map((key) => ({ ...key, id: toBytes(key.id) }));

  const ask = async (part, form) => {
    const token = form.querySelector("[name=csrf_token]").value;
    const answer = await fetch(part.dataset.question, {
      method: "POST",
      headers: { "X-CSRFToken": token },
      credentials: "same-origin",
    });
    if (!answer.ok) throw new Error("no question");
    return answer.json();
  };

  const create = async (options) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        user: { ...options.user, id: toBytes(options.user.id) },
        excludeCredentials: withBytes(options.excludeCredentials),
      },
    });
    return answerOf(made, {
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  };

  const get = async (options) => {
    const found = await navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: toBytes(options.challenge),
        allowCredentials: withBytes(options.allowCredentials),
      },
    });
    return answerOf(found, {
      authenticatorData: toText(found.response.authenticatorData),
      signature: toText(found.response.signature),
      userHandle: found.response.userHandle ? toText(found.response.userHandle) : null,
    });
  };

  const answerOf = (credential, response) => ({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
    clientExtensionResults: {},
    response: { clientDataJSON: toText(credential.response.clientDataJSON), ...response },
  });

  /** What to say, in the words that stand on the page. */
  const reason = (error, words) => {
    if (error.message === "no question" || error instanceof TypeError) return words.noQuestion;
    return error.name === "InvalidStateError" ? words.known : words.notDone;
  };

  for (const part of document.querySelectorAll("[data-passkey]")) {
    const form = part.closest("form");
    const says = form.querySelector("[data-says]");
    const button = form.querySelector("button");
    const say = (text) => {
      says.textContent = text;
      says.hidden = !text;
    };
    if (!window.PublicKeyCredential) {
      say(says.dataset.unknown);
      button.disabled = true;
      continue;
    }
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      say("");
      try {
        const options = await ask(part, form);
        const answer = await (part.dataset.passkey === "create" ? create : get)(options);
        form.elements[part.dataset.answer || "answer"].value = JSON.stringify(answer);
        form.submit();
      } catch (error) {
        say(reason(error, says.dataset));
        button.disabled = false;
      }
    });
  }
})();
