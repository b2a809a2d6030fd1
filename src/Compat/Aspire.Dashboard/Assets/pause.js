// The pause button, which holds back whatever is live on the page.
const button = document.getElementById("pause");
const listeners = [];
let paused = false;

export const isPaused = () => paused;
export const onPause = listener => listeners.push(listener);

if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    paused = !paused;
    button.setAttribute("aria-pressed", String(paused));
    button.textContent = paused ? "Resume" : "Pause";
    for (const listener of listeners) listener(paused);
  });
}
