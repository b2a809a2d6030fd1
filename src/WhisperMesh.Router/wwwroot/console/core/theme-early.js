// Runs before the page is drawn, so that a chosen theme does not flash the other one first.
const chosenTheme = (() => {
  try {
    return localStorage.getItem("whispermesh-theme");
  } catch {
    return null; // Storage is off.
  }
})();
if (chosenTheme === "light" || chosenTheme === "dark") {
  document.documentElement.dataset.theme = chosenTheme;
}
