// Why a decision is as it is: the rules that decided, in their order, each with what it found.

export interface Reason {
  /** Ids of requirements. */
  rule: string;
  detail: string;
}

export type Trace = Reason[];

export const because = (rule: string, detail: string): Reason => ({ rule, detail });
