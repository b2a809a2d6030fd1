import { byId } from "./dom.js";

const PAGES = { "": "start", live: "live", file: "file", speak: "speak", mesh: "mesh", requests: "requests" };

/**
 * Shows the page that the address names after its hash, and what of it after a slash. Pages stay as they are while another is shown,
 * so a recording goes on.
 * @param {Record<string, {title: string, shown?: (what: string | null) => void, hidden?: () => void}>} pages
 */
export function setUpRoutes(pages) {
  let current = null;
  let what = null;

  const show = (moveFocus) => {
    const [page, rest] = location.hash.replace(/^#\/?/, "").split("/", 2);
    const name = PAGES[page] ?? "start";
    const part = rest === undefined || rest === "" ? null : decoded(rest);
    if (name === current && part === what) {
      return;
    }
    what = part;
    if (current !== null) {
      byId(`page-${current}`).hidden = true;
      pages[current].hidden?.();
    }
    current = name;
    byId(`page-${name}`).hidden = false;
    document.title = `${pages[name].title} · WhisperMesh`;
    for (const link of document.querySelectorAll("header nav a")) {
      if (link.hash === `#/${name}`) {
        link.setAttribute("aria-current", "page");
      } else {
        link.removeAttribute("aria-current");
      }
    }
    pages[name].shown?.(part);
    if (moveFocus) {
      // Who can't see the page change hears its heading.
      byId(`${name}-title`).focus();
      scrollTo(0, 0);
    }
  };

  addEventListener("hashchange", () => {
    // The link that skips the header is no page.
    if (location.hash === "#main") {
      history.replaceState(null, "", `#/${current === "start" ? "" : current}${what === null ? "" : `/${encodeURIComponent(what)}`}`);
      byId("main").focus();
      return;
    }
    show(true);
  });
  show(false);
}

export const goTo = (name) => {
  location.hash = `#/${name}`;
};

// An address that somebody typed may hold anything.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
