/** Puts the extension's style sheets on the page. */

import core from "../../js/src/core/core.css";
import course from "../style/course.css";
import direction from "../style/direction.css";

const sheet = document.createElement("style");
sheet.textContent = [core, direction, course].join("\n");
document.head.append(sheet);
