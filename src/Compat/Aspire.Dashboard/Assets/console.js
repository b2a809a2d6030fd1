// Lines of a console as they come. What is shown is bounded, and so is what waits while paused.
import { watchConnection } from "./live.js";
import { isPaused, onPause } from "./pause.js";
import { timeText } from "./times.js";

const limit = 5000;
const sources = ["output", "error", "orchestrator"];

export function startConsole() {
  const list = document.getElementById("console");
  if (!list) return;
  const count = document.getElementById("console-count");
  const find = document.getElementById("console-find");
  let waiting = [];
  let total = 0;
  let isDrawing = false;

  const matches = item => item.textContent.toLowerCase().includes(find.value.toLowerCase());

  function draw() {
    isDrawing = false;
    if (isPaused()) return;
    const isAtEnd = list.scrollTop + list.clientHeight >= list.scrollHeight - 8;
    const lines = document.createDocumentFragment();
    for (const line of waiting.splice(0)) lines.append(row(line));
    list.append(lines);
    while (list.children.length > limit) list.firstElementChild.remove();
    if (isAtEnd) list.scrollTop = list.scrollHeight;
    count.textContent = `${total.toLocaleString()} lines${total > limit ? `, the last ${limit.toLocaleString()} shown` : ""}`;
  }

  function row(line) {
    const item = document.createElement("li");
    item.className = sources[line.Source ?? 0];
    const time = document.createElement("time");
    time.dateTime = line.Time;
    time.textContent = timeText(line.Time);
    item.append(time, " ", line.Text ?? "");
    item.hidden = !matches(item);
    return item;
  }

  const events = new EventSource(list.dataset.stream);
  watchConnection(events);
  events.onmessage = event => {
    total++;
    waiting.push(JSON.parse(event.data));
    if (waiting.length > limit) waiting = waiting.slice(-limit);
    if (!isDrawing) {
      isDrawing = true;
      requestAnimationFrame(draw);
    }
  };
  onPause(draw);
  find.addEventListener("input", () => {
    for (const item of list.children) item.hidden = !matches(item);
  });
  document.getElementById("console-clear").addEventListener("click", () => list.replaceChildren());
}
