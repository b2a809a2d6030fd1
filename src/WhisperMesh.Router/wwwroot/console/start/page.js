import { byId } from "../core/dom.js";
import { modelsOf, onMesh, refreshMesh } from "../core/mesh-state.js";
import { ofError, show } from "../core/problems.js";
import { goTo } from "../core/routes.js";

/** The first page: whether it works, and what to try. */
export function setUpStart(trySample) {
  byId("start-sample").addEventListener("click", () => {
    goTo("file");
    trySample();
  });
  onMesh((mesh) => {
    byId("start-state").textContent = sentence(mesh);
    show(byId("start-problem"), null);
  });
}

/** Looks at the mesh and says how it is. */
export async function lookAtMesh(options) {
  try {
    await refreshMesh(options);
  } catch (error) {
    byId("start-state").textContent = ofError(error).code === "invalid_api_key"
      ? "This mesh asks for an API key."
      : "The mesh can't be seen from here.";
    show(byId("start-problem"), error);
  }
}

function sentence(mesh) {
  const hears = modelsOf(mesh, "transcription").length > 0;
  const speaks = modelsOf(mesh, "synthesis").length > 0;
  const count = mesh.workers.filter((worker) => worker.state === "serving").length;
  const who = `${count} ${count === 1 ? "worker serves" : "workers serve"}`;
  return hears && speaks ? `All is ready: ${who}, and the mesh can hear and speak.`
    : hears ? `The mesh can hear (${who}), but nobody is there to speak: start a synthesis worker for that.`
    : speaks ? `The mesh can speak (${who}), but nobody is there to hear: start a transcription worker for that.`
    : "No worker is up. Start one, and this page will say so.";
}
