import { byId } from "../core/dom.js";
import { refreshMesh } from "../core/mesh-state.js";
import { show } from "../core/problems.js";
import { tablesOf } from "./tables.js";

const BEAT_MS = 2000;

let shown = false;
let timer = null;

const paused = () => byId("mesh-pause").getAttribute("aria-pressed") === "true";

/** The page that shows the mesh, anew every two seconds while it is looked at. */
export function setUpMesh() {
  byId("mesh-pause").addEventListener("click", () => {
    byId("mesh-pause").setAttribute("aria-pressed", String(!paused()));
    beat();
  });
  document.addEventListener("visibilitychange", beat);
  return {
    title: "Mesh",
    shown: () => {
      shown = true;
      look(false);
    },
    hidden: () => {
      shown = false;
    },
  };
}

function beat() {
  clearTimeout(timer);
  if (shown && !paused() && !document.hidden) {
    timer = setTimeout(() => look(true), BEAT_MS);
  }
}

async function look(quiet) {
  clearTimeout(timer);
  try {
    draw(await refreshMesh({ quiet }));
    show(byId("mesh-problem"), null);
  } catch (error) {
    // Said once, not every two seconds.
    if (byId("mesh-problem").childElementCount === 0) {
      show(byId("mesh-problem"), error);
    }
    byId("mesh-state").textContent = "What is shown is old; this page keeps trying.";
  }
  beat();
}

function draw(mesh) {
  const ill = mesh.routers.filter((router) => router.health !== "healthy").length
    + mesh.workers.filter((worker) => worker.state !== "serving").length;
  byId("mesh-state").textContent = mesh.workers.length === 0 ? "No worker is up."
    : ill === 0 ? "All is well." : `${ill} of ${mesh.routers.length + mesh.workers.length} need a look.`;
  replace(byId("mesh-tables"), tablesOf(mesh));
}

// The tables are new each time; where the person was in them stays: the focus, and how far each was scrolled.
function replace(place, elements) {
  const before = new Map([...place.querySelectorAll(".table")].map((table) => [table.getAttribute("aria-labelledby"), table.scrollLeft]));
  const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("aria-labelledby") : null;
  place.replaceChildren(...elements);
  for (const table of place.querySelectorAll(".table")) {
    const name = table.getAttribute("aria-labelledby");
    table.scrollLeft = before.get(name) ?? 0;
    if (name === focused) {
      table.focus({ preventScroll: true });
    }
  }
}
