/** Puts the extension's style sheet on the page. */

import direction from "../style/direction.css";

const sheet = document.createElement("style");
sheet.textContent = direction;
document.head.append(sheet);
