/** The sidebar: where the learner is, what there is to do, and what came of it. */

import { ReactWidget } from "@jupyterlab/ui-components";
import React from "react";
import type { Actions } from "./actions.ts";
import { Assignments } from "./assignments.tsx";
import { Folds } from "./folds.tsx";
import { icon } from "./icon.ts";
import { Lessons } from "./lessons.tsx";
import type { Props } from "./props.ts";
import { Questions } from "./questions.tsx";
import { neighbour, type Store, unitInView } from "./store.ts";
import { format } from "./words.ts";

export const ID = "synthlab-course";

export class Sidebar extends ReactWidget {
  private readonly store: Store;
  private readonly actions: Actions;

  constructor(store: Store, actions: Actions) {
    super();
    this.store = store;
    this.actions = actions;
    this.id = ID;
    this.title.icon = icon;
    this.addClass("sl-sidebar");
    store.subscribe(() => {
      this.title.caption = store.words.course ?? "";
    });
  }

  protected override render(): React.ReactElement {
    return <Panel store={this.store} actions={this.actions} />;
  }
}

function Panel({ store, actions }: { store: Store; actions: Actions }): React.ReactElement {
  const state = React.useSyncExternalStore(store.subscribe, store.get);
  const { course, trouble } = state;
  if (course === null) {
    // Without the course there are no words yet, so the server's own sentence stands alone.
    return (
      <section className="sl-root sl-course" aria-label="synthlab">
        {trouble !== null && (
          <>
            <p role="alert">{trouble}</p>
            <button type="button" onClick={actions.refresh} aria-label="synthlab">
              ↻
            </button>
          </>
        )}
      </section>
    );
  }
  const props = { state, course, actions, store };
  const { words } = course;
  return (
    <section
      className="sl-root sl-course"
      aria-label={words.course}
      lang={course.language}
      dir={course.direction}
      data-sl-ready=""
    >
      <Head {...props} />
      {trouble !== null && <p role="alert">{format(words.trouble, { message: trouble })}</p>}
      <Assignments {...props} />
      {course.workspace === null ? (
        <>
          {state.assignments === null && <p>{words.no_workspace}</p>}
          {state.unit !== null && <Questions {...props} />}
        </>
      ) : (
        <>
          <Lessons {...props} />
          {unitInView(state) !== null && <Questions {...props} />}
          <Neighbours {...props} />
          <Folds {...props} />
        </>
      )}
    </section>
  );
}

function Head({ course, actions }: Props): React.ReactElement {
  const id = React.useId();
  return (
    <header className="sl-head">
      <h2 className="sl-title" tabIndex={-1}>
        {course.title}
      </h2>
      <p className="sl-line">
        <label htmlFor={id}>{course.words.language}</label>
        <select
          id={id}
          data-sl-action="language"
          value={course.language}
          onChange={(event) => actions.speak(event.target.value)}
        >
          {Object.entries(course.languages).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </p>
    </header>
  );
}

function Neighbours({ state, course, actions }: Props): React.ReactElement {
  const { words, next } = course;
  return (
    <nav className="sl-neighbours" aria-label={words.next}>
      <div className="sl-line">
        <button
          type="button"
          data-sl-action="previous"
          disabled={neighbour(state, -1) === null}
          onClick={() => actions.go(-1)}
        >
          {words.previous}
        </button>
        <button
          type="button"
          data-sl-action="next"
          disabled={neighbour(state, 1) === null}
          onClick={() => actions.go(1)}
        >
          {words.next}
        </button>
      </div>
      <p className="sl-note" data-sl-part="up-next">
        {next === null ? words.all_done : format(words.up_next, { title: next.title })}
      </p>
    </nav>
  );
}
