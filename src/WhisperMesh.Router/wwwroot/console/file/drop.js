/** Lets a file be dropped on an element. A file dropped beside it is not opened by the browser, which would leave the page. */
export function dropInto(target, chosen) {
  const isFile = (event) => event.dataTransfer?.types.includes("Files");
  for (const name of ["dragover", "drop"]) {
    addEventListener(name, (event) => isFile(event) && event.preventDefault());
  }
  target.addEventListener("dragover", (event) => target.classList.toggle("over", isFile(event)));
  target.addEventListener("dragleave", () => target.classList.remove("over"));
  target.addEventListener("drop", (event) => {
    target.classList.remove("over");
    if (event.dataTransfer.files.length > 0) {
      chosen(event.dataTransfer.files[0]);
    }
  });
}
