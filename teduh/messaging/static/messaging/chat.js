/* A live conversation. Without this file the page still works: it posts a form and shows itself anew. */
(() => {
  "use strict";
  const chat = document.querySelector("[data-chat]");
  if (!chat || chat.hasAttribute("data-older") || !window.fetch || !window.Promise) return;
  const find = (selector) => chat.querySelector(selector);
  const log = find("[data-chat-log]"), end = find("#newest"), form = find("[data-chat-form]");
  const box = form && form.querySelector("textarea");
  const said = find("[data-chat-said]"), down = find("[data-chat-down]"), offline = find("[data-chat-offline]");
  const { stream, room, owner } = chat.dataset;
  const word = (name) => find(`[data-chat-word="${name}"]`).content.textContent;
  const icons = (name) => find(`[data-chat-icon="${name}"]`).content.cloneNode(true);
  const language = document.documentElement.lang || "id";
  const title = document.title;
  let last = Number(chat.dataset.after) || 0;
  let unseen = 0;

  // --- What is not sent yet stays on this device, for this person only -------------------------------------------
  const PREFIX = "teduh.unsent.";
  const KEEP_MS = 24 * 60 * 60 * 1000;
  const store = {
    read() {
      try {
        const held = JSON.parse(localStorage.getItem(PREFIX + room) || "null");
        return held && held.owner === owner && Array.isArray(held.items) ? held : { owner, items: [], draft: "" };
      } catch { return { owner, items: [], draft: "" }; }
    },
    write(change) {
      const held = store.read();
      change(held);
      try {
        if (held.items.length || held.draft) localStorage.setItem(PREFIX + room, JSON.stringify(held));
        else localStorage.removeItem(PREFIX + room);
      } catch { /* storage may be full or blocked; the message is still on the page */ }
    },
    wipe(all) {
      try {
        for (const key of Object.keys(localStorage)) {
          if (!key.startsWith(PREFIX)) continue;
          let other = true;
          try { other = JSON.parse(localStorage.getItem(key)).owner !== owner; } catch { /* unreadable: goes */ }
          if (all || other) localStorage.removeItem(key);
        }
      } catch { /* nothing could be kept either */ }
    },
  };
  store.wipe(false);
  let left = false;
  function leave() { left = true; store.wipe(true); }
  document.addEventListener("submit", (event) => {
    const leaving = document.body.dataset.leave;
    if (leaving && new URL(event.target.action, location.href).pathname === new URL(leaving, location.href).pathname) leave();
  }, true);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-exit-button]")) leave(); }, true);
  addEventListener("pagehide", () => { if (document.documentElement.hidden) leave(); });

  // --- Bubbles -----------------------------------------------------------------------------------------------------
  const two = (n) => String(n).padStart(2, "0");
  // Times are the school's, as the server writes them, wherever the device believes to be.
  const zone = chat.dataset.timezone;
  const clock = (() => {
    const all = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    try { return new Intl.DateTimeFormat("en-GB", { ...all, timeZone: zone }); } catch { return null; }
  })();
  function partsOf(at) {
    if (!clock || !clock.formatToParts) {
      return { year: at.getFullYear(), month: two(at.getMonth() + 1), day: two(at.getDate()), hour: two(at.getHours()), minute: two(at.getMinutes()) };
    }
    return Object.fromEntries(clock.formatToParts(at).map((part) => [part.type, part.value]));
  }
  const dayOf = (at) => { const p = partsOf(at); return `${p.year}-${p.month}-${p.day}`; };
  const timeOf = (at) => { const p = partsOf(at); return `${p.hour}.${p.minute}`; };
  const nearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < 140;
  function toEnd() { log.scrollTop = log.scrollHeight; down.hidden = true; }

  function bubble({ who, mine, part, text, at }) {
    const item = find("[data-chat-bubble]").content.firstElementChild.cloneNode(true);
    item.dataset.who = who || "";
    item.dataset.day = dayOf(at);
    item.classList.toggle("bubble--me", mine);
    item.classList.toggle("bubble--supervisor", part === "supervisor" && !mine);
    const name = item.querySelector(".bubble__who");
    if (mine) name.remove();
    else {
      name.querySelector("span").textContent = who;
      if (part === "supervisor") name.prepend(icons("supervisor"));
    }
    item.querySelector(".bubble__text").textContent = text;
    const time = item.querySelector("time");
    time.dateTime = at.toISOString();
    time.textContent = timeOf(at);
    return item;
  }
  function state(item, name, reason) {
    item.classList.toggle("bubble--waiting", name === "waiting" || name === "sending");
    item.classList.toggle("bubble--failed", name === "failed");
    const meta = item.querySelector(".bubble__meta");
    while (meta.querySelector("time").nextSibling) meta.lastChild.remove();
    meta.append(icons(name));
    item.querySelectorAll(".bubble__acts, .bubble__why").forEach((old) => old.remove());
    if (name !== "failed") return;
    if (reason) {
      const why = document.createElement("p");
      why.className = "bubble__why";
      why.textContent = reason;
      item.append(why);
    }
    item.append(find("[data-chat-failed]").content.cloneNode(true));
  }
  function place(item, seq) {
    // In the order of the numbers, and before everything that has none yet.
    item.dataset.seq = seq;
    let before = end;
    for (let other = end.previousElementSibling; other; other = other.previousElementSibling) {
      if (other === item) continue;
      if (other.dataset.seq && Number(other.dataset.seq) < seq) break;
      if (!other.dataset.seq && !other.dataset.client) break;
      before = other;
    }
    if (before.previousElementSibling !== item) log.insertBefore(item, before);
    separate(item);
  }
  function separate(item) {
    let other = item.previousElementSibling;
    while (other && !other.dataset.day) other = other.previousElementSibling;
    if (other && other.dataset.day === item.dataset.day) return;
    const mark = document.createElement("li");
    mark.className = "chat__day";
    mark.dataset.day = item.dataset.day;
    const at = new Date(item.querySelector("time").dateTime);
    mark.textContent = item.dataset.day === dayOf(new Date()) ? word("today")
      : at.toLocaleDateString(language, { weekday: "long", day: "numeric", month: "long", ...(clock ? { timeZone: zone } : {}) });
    log.insertBefore(mark, item);
  }
  const known = (seq) => log.querySelector(`[data-seq="${seq}"]`);
  function notEmpty() { const empty = find("[data-chat-empty]"); if (empty) empty.remove(); }

  function arrived(data) {
    if (data.seq <= last) return;
    last = data.seq;
    if (known(data.seq)) return;
    if (data.mine) {
      // Our own message may arrive before its answer does.
      const own = queue.find((waiting) => !waiting.seq && waiting.text === data.text);
      if (own) { own.seq = data.seq; confirm(own); return; }
    }
    notEmpty();
    const follow = nearEnd();
    const before = end.previousElementSibling;
    if (before && before.dataset.seq && before.dataset.who === data.who && Boolean(data.mine) === before.classList.contains("bubble--me")
      && before.querySelector(".bubble__text").textContent === data.text) repeat(before, data.seq);
    else {
      const item = bubble({ ...data, at: new Date(data.at) });
      if (data.mine) item.querySelector(".bubble__meta").append(icons("sent"));
      place(item, data.seq);
    }
    if (!data.mine) {
      said.textContent = `${word("said")} ${data.who}: ${data.text}`;
      if (document.hidden) { unseen += 1; document.title = `(${unseen}) ${title}`; }
      noteRead();
    }
    if (follow || data.mine) toEnd(); else down.hidden = false;
  }
  function repeat(item, seq) {
    // The same words again and again are one bubble that counts.
    const times = item.querySelector(".bubble__times") || document.createElement("span");
    const count = (Number(times.dataset.count) || Number((times.textContent || "").replace("×", "")) || 1) + 1;
    times.className = "bubble__times";
    times.hidden = false;
    times.dataset.count = count;
    times.textContent = `×${count}`;
    if (!times.parentNode) item.querySelector(".bubble__meta").prepend(times);
    item.dataset.seq = seq;
  }

  // --- Sending -----------------------------------------------------------------------------------------------------
  const queue = [];
  let busy = false, pause = 0, timer = 0;
  function uuid() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = b[6] & 15 | 64; b[8] = b[8] & 63 | 128;
    const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }
  function show(waiting) {
    notEmpty();
    const item = waiting.item = bubble({ mine: true, text: waiting.text, at: new Date(waiting.at) });
    item.dataset.client = waiting.id;
    log.insertBefore(item, end);
    separate(item);
    item.addEventListener("click", (event) => {
      if (event.target.closest("[data-again]")) { waiting.failed = false; state(item, "waiting"); pause = 0; pump(); }
      if (event.target.closest("[data-drop]")) { forget(waiting); item.remove(); box.focus(); }
    });
    state(item, waiting.failed ? "failed" : "waiting");
  }
  function say(text) {
    const waiting = { id: uuid(), text, at: Date.now() };
    queue.push(waiting);
    store.write((held) => { held.items.push({ id: waiting.id, text, at: waiting.at }); held.draft = ""; });
    show(waiting);
    toEnd();
    pump();
  }
  function forget(waiting) {
    const index = queue.indexOf(waiting);
    if (index >= 0) queue.splice(index, 1);
    store.write((held) => { held.items = held.items.filter((item) => item.id !== waiting.id); });
  }
  function confirm(waiting) {
    forget(waiting);
    const twin = known(waiting.seq);
    if (twin && twin !== waiting.item) { waiting.item.remove(); return; }
    delete waiting.item.dataset.client;
    state(waiting.item, "sent");
    place(waiting.item, waiting.seq);
  }
  function fail(waiting, reason) {
    waiting.failed = true;
    state(waiting.item, "failed", reason);
  }
  async function post(body) {
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), 15000);
    try {
      return await fetch(stream, {
        method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error", signal: stop.signal,
        headers: { "Content-Type": "application/json", "X-Teduh": "1" }, body: JSON.stringify(body),
      });
    } finally { clearTimeout(patience); }
  }
  async function pump() {
    // One at a time, so that the order stays; each keeps its id, so that a resend is never a second message.
    clearTimeout(timer);
    if (busy || left) return;
    const waiting = queue.find((item) => !item.failed);
    if (!waiting) return;
    busy = true;
    state(waiting.item, "sending");
    let again = false;
    try {
      const answer = await post({ client_id: waiting.id, text: waiting.text });
      if (answer.ok) {
        const data = await answer.json();
        waiting.seq = data.seq;
        if (queue.includes(waiting)) confirm(waiting);
        pause = 0;
        connection(true);
      } else if (answer.status === 404) { busy = false; gone(); return; }
      else if (answer.status === 409 || answer.status === 422) {
        const data = await answer.json();
        fail(waiting, data.message);
        if (answer.status === 409) location.reload();
      } else if (answer.status >= 500 || answer.status === 429) again = true;
      else fail(waiting);
    } catch { again = true; connection(navigator.onLine); }
    busy = false;
    if (again && queue.includes(waiting)) {
      state(waiting.item, "waiting");
      pause = Math.min(30000, pause ? pause * 2 : 1500);
      timer = setTimeout(pump, pause * (0.8 + Math.random() * 0.4));
    } else if (!again) pump();
  }
  if (form) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = box.value.trim();
      if (!text) { box.focus(); return; }
      box.value = "";
      box.style.height = "";
      say(text);
      box.focus({ preventScroll: true });
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing && !matchMedia("(pointer: coarse)").matches) {
        event.preventDefault();
        form.requestSubmit ? form.requestSubmit() : form.dispatchEvent(new Event("submit", { cancelable: true }));
      }
    });
    let typing = 0;
    box.addEventListener("input", () => {
      clearTimeout(typing);
      typing = setTimeout(() => { if (!left) store.write((held) => { held.draft = box.value; }); }, 400);
    });
    const held = store.read();
    for (const item of held.items) {
      // What waited for more than a day is not sent on its own any more; it may no longer be meant.
      const waiting = { ...item, failed: Date.now() - item.at > KEEP_MS };
      queue.push(waiting);
      show(waiting);
    }
    if (held.draft && !box.value) box.value = held.draft;
  }

  // --- Listening ---------------------------------------------------------------------------------------------------
  let source = null, polling = 0, ended = false;
  function connection(good) { offline.hidden = good; }
  async function poll() {
    polling = 0;
    if (ended) return;
    try {
      const answer = await fetch(`${stream}after/${last}/`, { credentials: "same-origin", cache: "no-store" });
      if (answer.status === 404) { gone(); return; }
      if (answer.ok) { (await answer.json()).messages.forEach(arrived); connection(true); }
    } catch { connection(false); }
    if (!source || source.readyState !== 1) polling = setTimeout(poll, document.hidden ? 15000 : 4000);
  }
  function gone() {
    // Signed out, or no longer part of this conversation: show what anyone would see.
    if (ended) return;
    ended = true;
    if (source) source.close();
    store.wipe(true);
    location.reload();
  }
  function attend(data) {
    if (data.closed && !chat.hasAttribute("data-closed")) { location.reload(); return; }
    const others = data.present.filter((person) => !person.mine);
    find("[data-chat-with]").textContent = others.map((person) => person.who).join(", ");
    find("[data-chat-state]").textContent = others.map((person) => person.part).join(" · ") || word("alone");
  }
  function listen() {
    if (!("EventSource" in window)) { poll(); return; }
    source = new EventSource(`${stream}?after=${last}`);
    source.addEventListener("open", () => { connection(true); clearTimeout(polling); polling = 0; pause = 0; pump(); });
    source.addEventListener("message", (event) => arrived(JSON.parse(event.data)));
    source.addEventListener("room", (event) => attend(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      connection(navigator.onLine && source.readyState !== 2);
      if (!polling) polling = setTimeout(poll, 2500);
      // A refusal ends the browser's own attempts; the poll tells whether we are out or the server was away.
      if (source.readyState === 2 && !ended) setTimeout(() => { if (!ended && source.readyState === 2) listen(); }, 6000);
    });
  }
  let reading = 0;
  function noteRead() {
    clearTimeout(reading);
    if (document.hidden) return;
    reading = setTimeout(() => { post({ read: last }).catch(() => { /* the next one will do */ }); }, 1200);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    unseen = 0;
    document.title = title;
    noteRead();
    pump();
  });
  addEventListener("online", () => { pause = 0; connection(true); pump(); });
  addEventListener("offline", () => connection(false));
  addEventListener("pagehide", () => { if (source) source.close(); });
  log.addEventListener("scroll", () => { if (nearEnd()) down.hidden = true; }, { passive: true });
  down.addEventListener("click", toEnd);
  toEnd();
  listen();
  pump();
})();
