/** The plugins of the course in JupyterLab and Notebook 7. */

import { course } from "./course/index.ts";
import { direction } from "./direction.ts";
import { status } from "./status.ts";

export default [direction, status, course];
