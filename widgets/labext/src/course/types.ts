/** Answers of the server's routes (`synthlab.server`). */

export type Words = Readonly<Record<string, string>>;

/** The hints of a question, as far as they were asked for. */
export interface Ladder {
  readonly goal: string | null;
  readonly shown: readonly string[];
  readonly left: number;
}

export interface Question {
  readonly id: string;
  readonly title: string;
  readonly points: number;
  readonly earned: number;
  readonly automatic: boolean;
  /** Its points come on top of the unit's. */
  readonly extra: boolean;
  /** The latest verdict, in one word; null before the first check. */
  readonly status: string | null;
  readonly solved: boolean;
  readonly hints: number;
  /** What was answered in the lesson to the same question; null where it asks for none. */
  readonly predicted: number | null;
  readonly ladder: Ladder;
}

export type Standing = "not-begun" | "begun" | "done";

export interface Unit {
  readonly id: string;
  readonly title: string;
  readonly minutes: number;
  readonly standing: Standing;
  readonly lesson: string;
  readonly exercise: string;
  readonly points: number;
  readonly earned: number;
  readonly questions: readonly Question[];
}

export interface Course {
  readonly title: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  /** By code, each language's name for itself. */
  readonly languages: Readonly<Record<string, string>>;
  /** The workspace's folder below the server's; null where there is none. */
  readonly workspace: string | null;
  readonly units: readonly Unit[];
  readonly next: { notebook: string; question: string | null; title: string } | null;
  readonly words: Words;
}

/** Something that a check came to: a question's result, or the error of another cell. */
export interface Happened {
  readonly kind: "result" | "error";
  readonly version: number;
  readonly cell: string | null;
  readonly question: string | null;
  readonly outputs: readonly Record<string, unknown>[];
  readonly status?: string;
  readonly points?: number;
  readonly maximum?: number;
}

export interface JobNews {
  readonly state: "none" | "running" | "done" | "cancelled" | "failed";
  readonly job?: number;
  readonly path: string;
  readonly version?: number;
  readonly questions?: readonly string[];
  readonly running?: string | null;
  readonly message?: string | null;
  /** Whether the cells run in a sandbox; null until that is known. */
  readonly sandboxed?: boolean | null;
  readonly events?: readonly Happened[];
}

/** Something that was handed in. */
export interface Submission {
  /** When, in ISO 8601. */
  readonly at: string;
  readonly receipt: string;
  /** Pages of feedback that were fetched. */
  readonly pages: readonly string[];
  /** Whether there is feedback that was not fetched yet. */
  readonly waiting: boolean;
}

/** An assignment in a class's exchange. */
export interface Assignment {
  readonly course: string;
  readonly id: string;
  readonly title: string;
  readonly fetched: boolean;
  readonly notebooks: readonly string[];
  /** The newest first. */
  readonly submissions: readonly Submission[];
}

export interface Assignments {
  /** Null where there is no exchange. */
  readonly assignments: readonly Assignment[] | null;
}

export interface Term {
  readonly en: string;
  readonly ar: string;
  readonly also?: string;
}

export interface Stored {
  readonly file: string;
  readonly stored: unknown;
}
