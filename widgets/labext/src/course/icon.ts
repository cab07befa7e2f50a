/** The course's icon: what is real, a circle, and what is made, a triangle. */

import { LabIcon } from "@jupyterlab/ui-components";

export const icon = new LabIcon({
  name: "synthlab:course",
  svgstr:
    '<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24">' +
    '<g class="jp-icon3 jp-icon-selectable" fill="#616161">' +
    '<path d="M8 3a6 6 0 1 1 0 12A6 6 0 0 1 8 3zm0 2a4 4 0 1 0 0 8 4 4 0 0 0 0-8z"/>' +
    '<path d="M16 9l7 12H9z"/></g></svg>',
});
