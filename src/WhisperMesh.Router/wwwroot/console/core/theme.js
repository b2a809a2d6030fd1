/** Lets the colours be chosen: the system's, light or dark. Remembered in this browser. */
export function setUpTheme(select) {
  select.value = document.documentElement.dataset.theme ?? "system";
  select.addEventListener("change", () => {
    const theme = select.value;
    if (theme === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = theme;
    }
    try {
      localStorage.setItem("whispermesh-theme", theme);
    } catch {
      // Storage is off: the choice lasts as long as the page.
    }
  });
}
