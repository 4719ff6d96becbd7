/* Answer sheets, one question a screen. Without this file the same page is one list with one button.
   The draft lives in sessionStorage under the sheet's own name: gone with the tab, on exit, on sign-out, once saved. */
(() => {
  "use strict";
  const STALE_AFTER = 60 * 60 * 1000;
  const name = (sheet) => `teduh-sheet-${sheet}`;
  const store = {
    get(key) { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set(key, value) { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* works without */ } },
    drop(key) { try { sessionStorage.removeItem(key); } catch { /* works without */ } },
    dropAll() {
      try { Object.keys(sessionStorage).filter((key) => key.startsWith(name(""))).forEach((key) => sessionStorage.removeItem(key)); } catch { /* works without */ }
    },
  };
  const done = document.querySelector("[data-sheet-done]");
  if (done) store.drop(name(done.dataset.sheetDone));
  const out = document.body.dataset.leave;
  document.addEventListener("submit", (event) => {
    if (out && event.target.getAttribute("action") === out) store.dropAll();
  });

  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const find = (selector, root = form) => root.querySelector(selector);
  const all = (selector, root = form) => [...root.querySelectorAll(selector)];
  const key = name(form.dataset.sheet);
  const screens = all("[data-screen]");
  const questions = screens.filter((screen) => screen.dataset.question);
  const nav = find("[data-nav]");
  const progress = find("[data-progress]");
  const words = find("[aria-live]", progress);
  const bar = find("progress", progress);
  const must = find("[data-must]");
  const head = document.querySelector("[data-fill-head]");
  const next = find("[data-next]", nav);
  const send = find("[data-send]", nav);
  const nextWord = find("[data-next-word]");
  const nextPlain = nextWord.textContent;
  const chosen = (screen) => find("input:checked", screen);
  const blanks = () => questions.filter((screen) => !chosen(screen) && !("safety" in screen.dataset)).map((screen) => screen.dataset.question);
  let at = 0;

  function save() {
    const answers = {};
    questions.forEach((screen) => { const input = chosen(screen); if (input) answers[input.name] = input.value; });
    store.set(key, { answers, at: screens[at].dataset.screen, saved: Date.now() });
  }
  function label(screen) {
    const empty = screen.dataset.question && !chosen(screen) && !("safety" in screen.dataset);
    nextWord.textContent = empty ? next.dataset.skipWord : nextPlain;
  }
  function listBlanks() {
    const box = find("[data-blanks]");
    const open = blanks();
    box.hidden = !open.length || Boolean(find("[data-server-blanks]"));
    find("[data-blank-list]", box).textContent = box.dataset.words.replace("{list}", open.join(", "));
    find("[data-complete]").hidden = open.length > 0;
  }
  function show(index, focus = true) {
    at = Math.max(0, Math.min(index, screens.length - 1));
    const screen = screens[at];
    const number = questions.indexOf(screen) + 1;
    const last = screen.dataset.screen === "end";
    screens.forEach((each) => { each.hidden = each !== screen; });
    find("[data-stem]").hidden = !number;
    must.hidden = true;
    progress.hidden = at === 0;
    words.textContent = last ? words.dataset.end : words.dataset.words.replace("{n}", number).replace("{total}", questions.length);
    bar.value = last ? questions.length : Math.max(0, number - 1);
    nav.hidden = at === 0;
    next.hidden = last;
    send.hidden = !last;
    head.hidden = at > 0;
    label(screen);
    if (last) listBlanks();
    if (at > 0) save();
    if (focus) {
      const target = find("legend, h2", screen);
      scrollTo({ top: 0 });
      if (target) target.focus({ preventScroll: true });
    }
  }
  function forward() {
    const screen = screens[at];
    if ("safety" in screen.dataset && !chosen(screen)) {
      must.hidden = false;
      const first = find("input", screen);
      if (first) first.focus();
      return;
    }
    show(at + 1);
  }
  const indexOf = (id) => screens.findIndex((screen) => screen.dataset.screen === id);

  form.addEventListener("click", (event) => {
    const go = event.target.closest("[data-go]");
    if (go) { event.preventDefault(); all("[data-summary]").forEach((each) => { each.hidden = true; }); show(indexOf(go.dataset.go)); return; }
    if (event.target.closest("[data-next]")) forward();
    if (event.target.closest("[data-back]")) show(at - 1);
  });
  form.addEventListener("change", () => { must.hidden = true; label(screens[at]); save(); });
  form.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const screen = screens[at];
    if (event.key === "Enter" && screen.dataset.screen !== "end" && !event.target.closest("a, button")) {
      event.preventDefault();
      forward();
    } else if (/^[1-9]$/.test(event.key) && screen.dataset.question) {
      const option = all("input[type=radio]", screen)[Number(event.key) - 1];
      if (option) { option.checked = true; option.focus(); option.dispatchEvent(new Event("change", { bubbles: true })); }
    }
  });
  form.addEventListener("submit", (event) => {
    const open = questions.findIndex((screen) => "safety" in screen.dataset && !chosen(screen));
    if (open >= 0) {
      event.preventDefault();
      show(screens.indexOf(questions[open]));
      must.hidden = false;
      return;
    }
    // The list of blanks was on this very screen, so sending is the confirmation.
    find("[data-confirm]").value = blanks().join(",");
    all("button[name=confirm_blank]").forEach((button) => button.removeAttribute("name"));
  });

  form.classList.add("fill--stepped");
  all("[data-js]").forEach((each) => { each.hidden = false; });
  all("[data-plain]").forEach((each) => { each.hidden = true; });
  const fresh = !form.dataset.start;
  const draft = fresh ? store.get(key) : null;
  if (draft && Date.now() - draft.saved < STALE_AFTER) {
    Object.entries(draft.answers).forEach(([field, value]) => {
      const input = all("input[type=radio]").find((each) => each.name === field && each.value === value);
      if (input) input.checked = true;
    });
    show(Math.max(0, indexOf(draft.at)), false);
  } else {
    if (draft) store.drop(key);
    // After an answer from the server its own words stand above the question they belong to.
    show(fresh ? 0 : indexOf(form.dataset.start), false);
  }
})();
