// Live refresh: server-sent events tell that something changed, and the live part of the page is asked for. The page works without it.
import { isPaused, onPause } from "./pause.js";
import { localTimes } from "./times.js";
import { morph } from "./update.js";

const live = document.getElementById("live");
let tag = "";
let isAsking = false;
let isStale = false;
let events;

export async function refresh() {
  if (isPaused() || document.hidden || !getSelection().isCollapsed) {
    isStale = true;
    return;
  }
  if (isAsking) {
    isStale = true;
    return;
  }
  isAsking = true;
  isStale = false;
  try {
    const response = await fetch(location.href, { headers: { "X-Fragment": "1", ...(tag && { "If-None-Match": tag }) } });
    tag = response.headers.get("ETag") ?? tag;
    if (response.status === 401) location.reload();
    if (response.ok) await show(await response.text());
  } catch {
    // The event stream notices and says so.
  } finally {
    isAsking = false;
  }
  if (isStale && !isPaused() && !document.hidden) setTimeout(refresh, 250);
}

async function show(html) {
  const next = new DOMParser().parseFromString(`<div>${html}</div>`, "text/html").body.firstElementChild;
  localTimes(next);
  for (const { name, value } of live.attributes) next.setAttribute(name, value);
  morph(live, next);
}

function connect() {
  events = new EventSource("/events");
  events.onmessage = refresh;
  watchConnection(events);
}

/** Says where a stream is lost, and that it is back. */
export function watchConnection(source) {
  const status = document.getElementById("connection");
  source.addEventListener("open", () => (status.textContent = ""));
  source.addEventListener("error", () => (status.textContent = "The dashboard doesn't answer"));
}

export function startLive() {
  if (!live?.hasAttribute("data-refreshes")) return;
  connect();
  onPause(paused => paused || refresh());
  document.addEventListener("selectionchange", () => isStale && getSelection().isCollapsed && refresh());
  // A browser has six connections to a host for all its tabs; those that nobody looks at leave theirs to the others.
  document.addEventListener("visibilitychange", () => {
    events.close();
    if (!document.hidden) connect();
  });
}
