/** Folds at the bottom: starting anew, the glossary, what is stored about the learner. */

import React from "react";
import { api } from "./api.ts";
import type { Props } from "./props.ts";
import type { Stored, Term } from "./types.ts";
import { count, format } from "./words.ts";

export function Folds(props: Props): React.ReactElement {
  const { words } = props.course;
  return (
    <div className="sl-folds">
      <Fold name="glossary" word={words.glossary} {...props}>
        <Glossary {...props} />
      </Fold>
      <Fold name="reset" word={words.reset} {...props}>
        <Reset {...props} />
      </Fold>
      <Fold name="stored" word={words.stored} {...props}>
        <About {...props} />
      </Fold>
    </div>
  );
}

/** A part that the learner or a command opens; what is in it is made when it opens. */
function Fold({
  name,
  word,
  state,
  store,
  children,
}: Props & {
  name: string;
  word: string | undefined;
  children: React.ReactNode;
}): React.ReactElement {
  const open = state.open === name;
  const summary = React.useRef<HTMLElement>(null);
  const details = React.useRef<HTMLDetailsElement>(null);
  React.useEffect(() => {
    if (!open) return;
    const first = details.current?.querySelector<HTMLElement>("input, div button");
    (first ?? summary.current)?.focus();
  }, [open]);
  return (
    <details
      ref={details}
      open={open}
      data-sl-fold={name}
      onToggle={(event) => {
        const now = event.currentTarget.open;
        if (now !== open) store.set({ open: now ? name : null });
      }}
    >
      <summary ref={summary}>{word}</summary>
      {open && <div>{children}</div>}
    </details>
  );
}

function Reset({ course, actions, store }: Props): React.ReactElement {
  const { words } = course;
  if (actions.panel === null) return <p>{words.no_notebook}</p>;
  return (
    <>
      <p>{words.reset_what}</p>
      <p className="sl-line">
        <button type="button" data-sl-action="reset" onClick={actions.reset}>
          {words.reset_yes}
        </button>
        <button type="button" data-sl-action="reset-no" onClick={() => store.set({ open: null })}>
          {words.reset_no}
        </button>
      </p>
    </>
  );
}

function Glossary({ course }: Props): React.ReactElement {
  const { words } = course;
  const id = React.useId();
  const [terms, setTerms] = React.useState<readonly Term[]>([]);
  const [sought, setSought] = React.useState("");
  React.useEffect(() => {
    void api.glossary().then((answer) => setTerms(answer.terms));
  }, []);
  const wanted = plain(sought);
  const found = terms.filter(({ en, ar, also }) => plain(`${en} ${ar} ${also}`).includes(wanted));
  return (
    <>
      <p className="sl-line">
        <label htmlFor={id}>{words.find_term}</label>
        <input
          id={id}
          type="search"
          dir="auto"
          data-sl-action="find-term"
          value={sought}
          onChange={(event) => setSought(event.target.value)}
        />
      </p>
      <p role="status" className="sl-note">
        {count(words, "terms_found", found.length)}
      </p>
      <table className="sl-terms">
        <thead>
          <tr>
            <th scope="col">{words.english}</th>
            <th scope="col">{words.arabic}</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ en, ar, also }) => (
            <tr key={en}>
              <td lang="en" dir="ltr">
                {en}
              </td>
              <td lang="ar" dir="rtl">
                {ar}
                {also !== undefined && <span className="sl-note">{also}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Text for looking things up: without case, vowel signs and stretching. */
function plain(text: string): string {
  return text.toLowerCase().replace(/[\u064b-\u0652\u0640]/g, "");
}

function About({ state, course, actions }: Props): React.ReactElement {
  const { words } = course;
  const [found, setFound] = React.useState<Stored | null>(null);
  const [sure, setSure] = React.useState(false);
  // Whenever the course was fetched anew, something may have been stored.
  React.useEffect(() => {
    void api.stored(state.path).then(setFound);
  }, [state.path, course]);
  if (found === null) return <p />;
  if (found.stored === null) return <p data-sl-part="stored">{words.stored_nothing}</p>;
  return (
    <>
      <p>{format(words.stored_where, { file: found.file })}</p>
      <section
        className="sl-stored"
        aria-label={words.stored}
        data-sl-part="stored"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
      >
        <pre dir="ltr" lang="en">
          {JSON.stringify(found.stored, null, 1)}
        </pre>
      </section>
      {sure ? (
        <>
          <p role="alert">{words.stored_sure}</p>
          <p className="sl-line">
            <button
              type="button"
              data-sl-action="forget"
              onClick={() => {
                setSure(false);
                void actions.forget();
              }}
            >
              {words.stored_yes}
            </button>
            <button type="button" data-sl-action="forget-no" onClick={() => setSure(false)}>
              {words.stored_no}
            </button>
          </p>
        </>
      ) : (
        <button type="button" data-sl-action="forget-ask" onClick={() => setSure(true)}>
          {words.stored_delete}
        </button>
      )}
    </>
  );
}
