import { byId } from "./dom.js";

const PAGES = { "": "start", live: "live", file: "file", speak: "speak", mesh: "mesh" };

/**
 * Shows the page that the address names after its hash. Pages stay as they are while another is shown, so a recording goes on.
 * @param {Record<string, {title: string, shown?: () => void, hidden?: () => void}>} pages
 */
export function setUpRoutes(pages) {
  let current = null;

  const show = (moveFocus) => {
    const name = PAGES[location.hash.replace(/^#\/?/, "")] ?? "start";
    if (name === current) {
      return;
    }
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
    pages[name].shown?.();
    if (moveFocus) {
      // Who can't see the page change hears its heading.
      byId(`${name}-title`).focus();
      scrollTo(0, 0);
    }
  };

  addEventListener("hashchange", () => {
    // The link that skips the header is no page.
    if (location.hash === "#main") {
      history.replaceState(null, "", `#/${current === "start" ? "" : current}`);
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
