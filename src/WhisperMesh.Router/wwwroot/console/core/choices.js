import { byId, el } from "./dom.js";
import { Problem } from "./problems.js";
import { modelsOf, onMesh } from "./mesh-state.js";

const names = typeof Intl.DisplayNames === "function" ? new Intl.DisplayNames(["en"], { type: "language" }) : null;

/** "en" as "English"; what has no name as it is. */
export function languageName(code) {
  try {
    return names?.of(code) ?? code;
  } catch {
    return code;
  }
}

/** Fills the lists of models and languages with what the mesh has; what is chosen stays chosen. */
export function setUpChoices() {
  onMesh((mesh) => {
    for (const select of document.querySelectorAll("select[data-models]")) {
      const chosen = select.value;
      const models = modelsOf(mesh, select.dataset.models);
      select.replaceChildren(
        el("option", { value: "" }, "The default"),
        ...models.map((model) => el("option", { value: model.id }, model.id)));
      select.value = models.some((model) => model.id === chosen) ? chosen : "";
    }
    const codes = [...new Set(modelsOf(mesh, "transcription").flatMap((model) => model.languages))].sort();
    byId("language-list").replaceChildren(...codes.map((code) => el("option", { value: code }, languageName(code))));
  });
}

/** "en fr", "en, fr" or nothing, as a list of codes. */
export function languagesOf(text) {
  const codes = [...new Set(text.split(/[\s,;]+/).filter((code) => code !== ""))];
  const bad = codes.find((code) => !/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(code));
  if (bad !== undefined) {
    throw new Problem(`“${bad}” is no language code.`, "Write codes such as en, fr or de, or leave the field empty to have the language detected.");
  }
  return codes;
}
