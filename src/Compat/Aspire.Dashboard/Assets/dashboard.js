// Puts the page's behaviour together; every page is readable without it.
import { startConsole } from "./console.js";
import { refresh, startLive } from "./live.js";
import { localTimes } from "./times.js";

// Commands stay on the page: what they do comes in by the event stream.
async function send(form) {
  const message = document.getElementById("message");
  const button = form.querySelector("button");
  button.disabled = true;
  message.textContent = "";
  try {
    const response = await fetch(form.action, { method: "POST" });
    if (!response.ok) message.textContent = (await response.text()) || `Refused (${response.status}).`;
  } catch {
    message.textContent = "The dashboard doesn't answer.";
  } finally {
    button.disabled = false;
    refresh();
  }
}

function isChanged(select) {
  return select.selectedIndex !== Math.max(0, [...select.options].findIndex(option => option.defaultSelected));
}

function openTarget() {
  const target = document.getElementById(location.hash.slice(1));
  if (target?.matches("details")) {
    target.open = true;
    target.scrollIntoView({ block: "center" });
    target.querySelector("summary").focus();
  }
}

document.addEventListener("submit", event => {
  if (event.target.matches("form[data-command]")) {
    event.preventDefault();
    send(event.target);
  }
});
const filter = document.querySelector(".filter");
filter?.addEventListener("change", event => {
  if (event.target.name) filter.requestSubmit();
});
// A choice that was made before this script was there.
if ([...(filter?.querySelectorAll("select[name]") ?? [])].some(isChanged)) filter.requestSubmit();
addEventListener("hashchange", openTarget);
localTimes(document);
openTarget();
startLive();
startConsole();
