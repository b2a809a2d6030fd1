// Captions for an audience: reads server-sent events and shows them. All text goes in as text, never as markup.

const parts = location.pathname.split("/");
const name = decodeURIComponent(parts[parts.length - 1]);
const token = new URLSearchParams(location.search).get("view");
const root = `/v1/captions/${encodeURIComponent(name)}`;

const mostLines = 2000;
const history = 100;
const firstWait = 1000;
const longestWait = 30000;
const retryWhenEnded = 30000;
const silenceLimit = 40000;
const nearEnd = 80;

const $ = (id) => document.getElementById(id);
const [main, lines, open, committed, tentative, status, latest] =
  ["captions", "lines", "open", "committed", "tentative", "status", "latest"].map($);

let source = null;
let place = null;
let run = null;
let lastId = 0;
let wait = firstWait;
let timer = 0;
let follows = true;
let ended = false;

$("name").textContent = name;
document.title = `${name}: captions`;

function address(path, query) {
  const all = new URLSearchParams(query);
  if (token) all.set("view", token);
  const text = all.toString();
  return root + path + (text ? `?${text}` : "");
}

function say(text, state) {
  if (status.textContent !== text) status.textContent = text;
  status.dataset.state = state;
}

// Where the reader is stays where it is; who reads the latest goes on with it.
function keepPlace(change) {
  const before = main.scrollTop;
  change();
  if (follows) main.scrollTop = main.scrollHeight;
  else main.scrollTop = before;
  latest.hidden = follows;
}

main.addEventListener("scroll", () => {
  follows = main.scrollHeight - main.scrollTop - main.clientHeight < nearEnd;
  latest.hidden = follows;
}, { passive: true });

latest.addEventListener("click", () => {
  follows = true;
  latest.hidden = true;
  main.scrollTop = main.scrollHeight;
  main.focus();
});

function addLine(text, kind) {
  const line = document.createElement("p");
  line.textContent = text;
  line.dir = "auto";
  if (kind) line.className = kind;
  lines.append(line);
  while (lines.childElementCount > mostLines) lines.firstElementChild.remove();
}

function addCaption(event) {
  if (event.id <= lastId) return;
  lastId = event.id;
  addLine(event.text, event.begins_utterance ? "begins" : "");
}

function showOpen(event) {
  committed.textContent = event?.text ?? "";
  tentative.textContent = event?.tentative ?? "";
  open.dir = "auto";
}

function begin(newRun) {
  if (run !== null && run !== newRun) {
    lines.replaceChildren();
    addLine("A new session begins.", "note");
  }
  if (run !== newRun) lastId = 0;
  run = newRun;
  ended = false;
}

function showStatus(event) {
  if (event?.state === "paused") {
    say("Paused: nothing comes from the speaker at the moment.", "paused");
  } else if (event?.busy && event.lag > 5) {
    say(`Live, ${Math.round(event.lag)} seconds behind`, "live");
  } else {
    say("Live", "live");
  }
}

function end() {
  ended = true;
  place = null;
  showOpen(null);
  say("The captions have ended.", "ended");
  close();
  again(retryWhenEnded);
}

const on = {
  state(event) {
    const known = run;
    begin(event.run);
    if (event.skipped && known === event.run) addLine(`${event.skipped} captions were skipped.`, "note");
    event.captions.forEach(addCaption);
    showOpen(event.tentative);
    if (event.state === "ended") end();
    else showStatus(event.status);
  },
  started(event) { begin(event.run); showOpen(null); },
  caption(event) { addCaption(event); showOpen(null); },
  tentative(event) { showOpen(event); },
  status(event) { showStatus(event); },
  ended() { end(); },
};

function again(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(connect, milliseconds);
}

function close() {
  source?.close();
  source = null;
}

function lost() {
  close();
  if (ended) return;
  say("The connection is lost. Connecting again …", "lost");
  again(wait * (0.75 + Math.random() / 2));
  wait = Math.min(wait * 2, longestWait);
}

// A session that has ended is looked at now and then: another may begin under the name.
async function connect() {
  clearTimeout(timer);
  let known;
  try {
    const response = await fetch(address("", {}), { cache: "no-store" });
    if (response.status === 404) {
      say("Waiting for the captions to begin. If they don't, the link may not be whole.", "waiting");
      again(5000);
      return;
    }
    if (response.status === 401 || response.status === 403) {
      say("This link lacks what lets you in. Ask for the whole link.", "refused");
      return;
    }
    if (!response.ok) throw new Error(response.statusText);
    known = await response.json();
  } catch {
    lost();
    return;
  }
  if (known.state === "ended" && known.run === run && ended) {
    again(retryWhenEnded);
    return;
  }
  listen();
}

function listen() {
  close();
  ended = false;
  const query = { history };
  if (place) query.last_event_id = place;
  const current = new EventSource(address("/events", query));
  source = current;
  watch();
  for (const [type, handle] of Object.entries(on)) {
    current.addEventListener(type, (message) => {
      if (source !== current) return;
      watch();
      wait = firstWait;
      if (message.lastEventId) place = message.lastEventId;
      keepPlace(() => handle(JSON.parse(message.data)));
    });
  }
  current.onopen = () => { if (status.dataset.state !== "live") say("Connected", "live"); };
  current.onerror = () => { if (source === current) lost(); };
}

// A phone that slept may hold a dead connection. Live sessions tell something every few seconds.
function watch() {
  clearTimeout(timer);
  timer = setTimeout(listen, silenceLimit);
}

addEventListener("online", () => { if (!source && !ended) connect(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden && !source && !ended) connect(); });

const sizes = 5;
const stored = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
const store = (key, value) => { try { localStorage.setItem(key, value); } catch { /* Private windows keep nothing. */ } };

function setSize(size) {
  const kept = Math.min(sizes, Math.max(0, size));
  keepPlace(() => { document.documentElement.dataset.size = String(kept); });
  $("smaller").disabled = kept === 0;
  $("larger").disabled = kept === sizes;
  store("captions-size", String(kept));
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  $("theme").value = theme;
  store("captions-theme", theme);
}

const size = () => Number(document.documentElement.dataset.size);
$("smaller").addEventListener("click", () => setSize(size() - 1));
$("larger").addEventListener("click", () => setSize(size() + 1));
$("theme").addEventListener("change", (event) => setTheme(event.target.value));
setSize(Number(stored("captions-size") ?? 2));
setTheme(["auto", "dark", "light", "yellow"].includes(stored("captions-theme")) ? stored("captions-theme") : "auto");
connect();
