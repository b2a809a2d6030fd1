import { askForKey, currentKey, isAsking } from "./key.js";
import { Problem, ofReply, unreachable } from "./problems.js";

/** An address of the mesh, wherever the console lies on it. */
export const address = (path) => new URL(path, document.baseURI);

export const keyHeaders = () => (currentKey() === null ? {} : { Authorization: `Bearer ${currentKey()}` });

/**
 * Asks the mesh, and asks the person for a key when it wants one.
 * @param {boolean} [quiet] Leaves the person alone: for what is asked on a beat.
 * @returns {Promise<Response>} A good reply.
 * @throws {Problem}
 */
export async function ask(path, { quiet = false, ...init } = {}) {
  for (;;) {
    let response;
    const used = currentKey();
    try {
      response = await fetch(address(path), { ...init, headers: { ...init.headers, ...keyHeaders() } });
    } catch {
      throw init.signal?.aborted ? init.signal.reason : unreachable();
    }
    if (response.ok) {
      return response;
    }
    const problem = ofReply(response.status, await errorOf(response));
    if (response.status !== 401 || !(await mayRetry(problem, used, quiet))) {
      throw problem;
    }
  }
}

/** Whether there is another key than the one that was refused. */
export async function mayRetry(problem, used, quiet = false) {
  if (currentKey() !== used) {
    return true;
  }
  return (!quiet || isAsking()) && (await askForKey(reasonOf(problem, used)));
}

const reasonOf = (problem, used) => (used === null ? "This mesh asks for an API key." : problem.message);

async function errorOf(response) {
  try {
    return (await response.json()).error;
  } catch {
    return null; // A proxy's page, not the mesh's.
  }
}

/** JSON of the mesh. */
export async function askJson(path, init) {
  const response = await ask(path, init);
  try {
    return await response.json();
  } catch {
    throw new Problem("The reply can't be read.", "Is this address a WhisperMesh router? Try again.");
  }
}
