import { byId } from "./dom.js";

// The tab's own storage: closed with the tab, never sent by the browser itself.
const NAME = "whispermesh-key";

/** The API key, or null. */
export function currentKey() {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    return memory;
  }
}

let memory = null;
let asking = null;

function keep(key) {
  memory = key;
  try {
    if (key === null) {
      sessionStorage.removeItem(NAME);
    } else {
      sessionStorage.setItem(NAME, key);
    }
  } catch {
    // Storage is off: the key lasts as long as the page.
  }
}

/**
 * Asks for a key. Many who ask at once share one dialog.
 * @returns {Promise<boolean>} Whether one was given.
 */
export function askForKey(reason) {
  asking ??= new Promise((resolve) => {
    const dialog = byId("key-dialog");
    byId("key-reason").textContent = reason;
    byId("key-input").value = "";
    byId("key-forget").hidden = currentKey() === null;
    dialog.returnValue = "cancel";
    dialog.addEventListener("close", () => {
      asking = null;
      const typed = byId("key-input").value.trim();
      byId("key-input").value = "";
      if (dialog.returnValue === "use" && typed !== "") {
        keep(typed);
        resolve(true);
        return;
      }
      if (dialog.returnValue === "forget") {
        keep(null);
      }
      resolve(false);
    }, { once: true });
    dialog.showModal();
    byId("key-input").focus();
  });
  return asking;
}

/** Whether someone is being asked at this moment. */
export const isAsking = () => asking !== null;

export function setUpKey(button, changed) {
  button.addEventListener("click", async () => {
    await askForKey(currentKey() === null
      ? "Some meshes ask for a key. Whoever runs this one hands them out."
      : "A key is in use. Another one replaces it.");
    changed();
  });
}
