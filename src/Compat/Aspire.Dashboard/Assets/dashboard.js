// Live refresh: asks for the live part of the page, and only for what is new. The page works without it.
const live = document.getElementById("live");
const pause = document.getElementById("pause");
const interval = 2000;
let tag = "";
let paused = false;

const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

function localTimes(root) {
  for (const element of root.querySelectorAll("time")) {
    const at = new Date(element.dateTime);
    element.textContent = time.format(at);
    element.title = day.format(at);
  }
}

// Replaces only what changed, so that focus, scroll position and opened details stay.
function update(current, next) {
  for (const fresh of next.querySelectorAll("details[id]")) {
    fresh.open = document.getElementById(fresh.id)?.open ?? false;
  }
  if (current.isEqualNode(next)) return;
  const lists = next.querySelectorAll("[data-keyed]");
  const old = current.querySelectorAll("[data-keyed]");
  if (lists.length === 0 || lists.length !== old.length) {
    current.replaceChildren(...next.childNodes);
    return;
  }
  lists.forEach((list, i) => updateList(old[i], list));
  // The frames around the lists: everything that holds no list is swapped, in order.
  const frames = [...next.children];
  if (frames.length === current.children.length) {
    frames.forEach((frame, i) => {
      const shown = current.children[i];
      if (!shown.isEqualNode(frame) && !frame.matches("[data-keyed]") && !frame.querySelector("[data-keyed]")) shown.replaceWith(frame);
    });
  } else {
    current.replaceChildren(...frames);
  }
}

function updateList(current, next) {
  const shown = new Map([...current.children].map(child => [child.id, child]));
  let place = current.firstElementChild;
  for (const fresh of [...next.children]) {
    let child = shown.get(fresh.id);
    shown.delete(fresh.id);
    if (child && !child.isEqualNode(fresh)) {
      const following = child === place ? place.nextElementSibling : place;
      child.replaceWith(fresh);
      if (child === place) place = fresh;
      else place = following;
      child = fresh;
    }
    child ??= fresh;
    if (child === place) place = place.nextElementSibling;
    else current.insertBefore(child, place);
  }
  for (const gone of shown.values()) gone.remove();
}

async function refresh() {
  if (paused || document.hidden || !getSelection().isCollapsed) return;
  const response = await fetch(location.href, { headers: { "X-Fragment": "1", ...(tag && { "If-None-Match": tag }) } });
  if (!response.ok) return;
  tag = response.headers.get("ETag") ?? "";
  const next = document.createElement("div");
  next.id = "live";
  next.innerHTML = await response.text();
  localTimes(next);
  update(live, next);
}

async function poll() {
  try {
    await refresh();
    document.body.classList.remove("offline");
  } catch {
    document.body.classList.add("offline");
  }
  setTimeout(poll, interval);
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches("details")) {
    target.open = true;
    target.scrollIntoView({ block: "center" });
    target.querySelector("summary").focus();
  }
}

pause.hidden = false;
pause.addEventListener("click", () => {
  paused = !paused;
  pause.setAttribute("aria-pressed", String(paused));
  pause.textContent = paused ? "Resume" : "Pause";
});
document.querySelector(".filter")?.addEventListener("change", event => event.currentTarget.requestSubmit());
addEventListener("hashchange", openTarget);
localTimes(document);
openTarget();
setTimeout(poll, interval);
