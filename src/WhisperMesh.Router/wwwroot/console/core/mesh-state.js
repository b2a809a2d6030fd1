import { askJson } from "./api.js";

const listeners = new Set();
let latest = null;

/** The mesh as last seen, or null. */
export const latestMesh = () => latest;

/** Calls back with each new view of the mesh, and at once with the last. */
export function onMesh(listener) {
  listeners.add(listener);
  if (latest !== null) {
    listener(latest);
  }
}

/** Looks at the mesh anew. */
export async function refreshMesh(options) {
  latest = await askJson("v1/mesh", options);
  for (const listener of listeners) {
    listener(latest);
  }
  return latest;
}

/** Models of one kind that can serve now. */
export const modelsOf = (mesh, kind) => mesh.models.filter((model) => model.kind === kind);
