import { setUpChoices } from "./core/choices.js";
import { byId } from "./core/dom.js";
import { setUpKey } from "./core/key.js";
import { setUpRoutes } from "./core/routes.js";
import { setUpTheme } from "./core/theme.js";
import { setUpFile, trySample } from "./file/page.js";
import { setUpLive } from "./live/page.js";
import { setUpMesh } from "./mesh/page.js";
import { setUpRequests } from "./requests/page.js";
import { setUpSpeak } from "./speak/page.js";
import { lookAtMesh, setUpStart } from "./start/page.js";

setUpTheme(byId("theme"));
setUpKey(byId("key-open"), () => lookAtMesh());
setUpChoices();
setUpStart(trySample);
setUpLive();
setUpFile();
setUpSpeak();
const mesh = setUpMesh();
setUpRoutes({
  start: { title: "Start" },
  live: { title: "Live" },
  file: { title: "File" },
  speak: { title: "Speak" },
  mesh,
  requests: setUpRequests(),
});
lookAtMesh();
