/** Properties of every part of the sidebar. */

import type { Actions } from "./actions.ts";
import type { State, Store } from "./store.ts";
import type { Course } from "./types.ts";

export interface Props {
  readonly state: State;
  readonly course: Course;
  readonly actions: Actions;
  readonly store: Store;
}
