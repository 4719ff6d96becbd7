/* Teduh: the exit, safe forms, live fragments. Everything here is a comfort; pages work without it. */
(() => {
  "use strict";
  const body = document.body;
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Leave at once: blank first, tell the server, then replace, so that "back" does not return here.
  let leaving = false;
  // Messages that wait to be sent stay on the device only while their writer is signed in.
  function wipe() {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith("teduh.unsent.")) localStorage.removeItem(key);
    } catch { /* storage may be blocked, then nothing was kept */ }
  }
  document.addEventListener("submit", (event) => {
    const path = (url) => new URL(url, location.href).pathname;
    const out = event.target.querySelector("[data-sign-out]") || body.dataset.leave && path(event.target.action) === path(body.dataset.leave);
    if (out || /\/logout\/$/.test(path(event.target.action))) wipe();
  }, true);
  function leave() {
    if (leaving) return;
    leaving = true;
    wipe();
    document.documentElement.hidden = true;
    document.title = "";
    const { leave: url, csrf, exit } = body.dataset;
    if (url) {
      const form = new URLSearchParams({ csrfmiddlewaretoken: csrf || "" });
      try { navigator.sendBeacon(url, form); } catch { /* leaving matters more */ }
    }
    try { sessionStorage.clear(); } catch { /* storage may be blocked */ }
    location.replace(exit || "about:blank");
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-exit-button]")) { event.preventDefault(); leave(); }
  });
  let shifts = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Shift") { shifts = []; return; }
    if (event.repeat) return;
    const now = Date.now();
    shifts = [...shifts.filter((at) => now - at < 1500), now];
    if (shifts.length >= 3) leave();
  });
  // A page restored from the browser's memory may belong to someone who has left: fetch it anew.
  addEventListener("pageshow", (event) => {
    if (event.persisted) { document.documentElement.hidden = true; location.reload(); return; }
    all("form[data-sent]").forEach(release);
  });

  // One press, one sending. The server is safe against repeats; this spares people the doubt.
  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    all("[data-held]", form).forEach((button) => { button.removeAttribute("aria-disabled"); delete button.dataset.held; });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || (form.method || "").toLowerCase() !== "post" || form.hasAttribute("data-repeat")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.setAttribute("aria-busy", "true");
    all("button:not([type=button])", form).forEach((button) => { button.dataset.held = ""; button.setAttribute("aria-disabled", "true"); });
    setTimeout(() => release(form), 12000);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-autosubmit]") && event.target.form;
    if (form) form.requestSubmit ? form.requestSubmit() : form.submit();
  });

  // Text boxes grow with what is written and say how much room is left.
  function grow(box) {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 4, innerHeight * 0.6)}px`;
  }
  function remaining(box) {
    const counter = document.getElementById(box.dataset.counter || "");
    if (!counter) return;
    if (!counter.dataset.words) counter.dataset.words = counter.textContent;
    counter.textContent = box.value ? `${box.value.length} / ${box.maxLength}` : counter.dataset.words;
  }
  document.addEventListener("input", (event) => {
    if (event.target.matches("textarea")) grow(event.target);
    if (event.target.dataset.counter) remaining(event.target);
  });
  function dress(root) {
    all("textarea", root).forEach((box) => { if (box.value) grow(box); });
    all("[data-counter]", root).forEach(remaining);
  }
  dress(document);
  const summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
  document.addEventListener("click", (event) => {
    all(".nav__more details[open]").forEach((sheet) => { if (!sheet.contains(event.target)) sheet.open = false; });
  });

  // Live fragments: on a change, each element with data-live fetches its own piece again.
  const busy = new WeakSet();
  // The session is over: hide what was shown, but never throw away words that someone is still writing.
  function ended() {
    poll(false);
    if (all("textarea").some((box) => box.value.trim())) all("[data-live]").forEach((element) => { element.replaceChildren(); element.removeAttribute("data-live"); });
    else location.reload();
  }
  async function refresh(element) {
    if (busy.has(element) || element.contains(document.activeElement) && document.activeElement.matches("input,textarea,select")) return;
    busy.add(element);
    try {
      const answer = await fetch(element.dataset.live, { headers: { "X-Fragment": "1" }, credentials: "same-origin", cache: "no-store" });
      if (answer.redirected || answer.status === 401 || answer.status === 403) { ended(); return; }
      if (answer.ok) {
        const html = await answer.text();
        if (html !== element.dataset.seen) { element.dataset.seen = html; element.innerHTML = html; dress(element); }
      }
    } catch { /* the next round tries again */ } finally { busy.delete(element); }
  }
  const refreshAll = () => all("[data-live]").forEach(refresh);
  let timer = 0;
  function poll(on) {
    if (on && !timer) timer = setInterval(() => { if (!document.hidden) refreshAll(); }, 15000);
    if (!on && timer) { clearInterval(timer); timer = 0; }
  }
  const url = body.dataset.meStream;
  if (url && "EventSource" in window) {
    const source = new EventSource(url);
    let soon = 0;
    source.addEventListener("change", (event) => {
      clearTimeout(soon);
      soon = setTimeout(refreshAll, 80);
      document.dispatchEvent(new CustomEvent("teduh:change", { detail: event.data }));
    });
    source.addEventListener("open", () => { poll(false); refreshAll(); });
    source.addEventListener("error", () => poll(true));
    addEventListener("pagehide", () => source.close());
  } else if (document.querySelector("[data-live]")) poll(true);
  addEventListener("online", refreshAll);
})();
