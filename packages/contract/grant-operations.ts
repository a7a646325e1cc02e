// The operations that accesses, rights and roles have alike: each of the three says what differs.

import type * as z from 'zod';
import { usersOfQuery, usersOfRecord } from './grant-records.ts';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problems.ts';

type Path = `/${string}`;

/** What the operations of one kind share. */
export interface GrantKindSpec {
  path: Path;
  /** Below `path`, with the id's parameter. */
  onePath: Path;
  read: Permission;
  change: Permission;
  /** First part of its audit events. */
  noun: string;
}

const unaudited = { status: 200, needs: ['read', 'write'], audit: null } as const;

export function listing<Output extends z.ZodObject>({ path, read }: GrantKindSpec, summary: string, output: Output) {
  return { method: 'GET', path, summary, caller: read, output, problems: [], ...unaudited } as const;
}

export function reading<Params extends z.ZodObject, Output extends z.ZodObject>(
  { onePath, read }: GrantKindSpec,
  summary: string,
  params: Params,
  output: Output,
) {
  const problems = ['record_not_found'] as const;
  return { method: 'GET', path: onePath, summary, caller: read, params, output, problems, ...unaudited } as const;
}

/** Who has one of them, page by page. */
export function readingUsers<Params extends z.ZodObject>(
  { onePath, read }: GrantKindSpec,
  summary: string,
  params: Params,
) {
  return {
    method: 'GET',
    path: `${onePath}/users`,
    summary,
    caller: read,
    params,
    query: usersOfQuery(),
    output: usersOfRecord(),
    problems: ['record_not_found', 'invalid_cursor'],
    ...unaudited,
    needs: ['read', 'write', 'seal'],
  } as const;
}

export function creating<Body extends z.ZodObject, Output extends z.ZodObject>(
  { path, change, noun }: GrantKindSpec,
  summary: string,
  body: Body,
  output: Output,
  problems: readonly ProblemCode[] = [],
) {
  return {
    method: 'POST',
    path,
    summary,
    caller: change,
    body,
    output,
    status: 201,
    problems: ['name_taken', 'grants_too_much', 'too_many_records', 'caller_changed', ...problems],
    needs: ['read', 'write', 'seal'],
    audit: `${noun}.created`,
  } as const;
}

export function changing<Params extends z.ZodObject, Body extends z.ZodObject, Output extends z.ZodObject>(
  { onePath, change, noun }: GrantKindSpec,
  summary: string,
  params: Params,
  body: Body,
  output: Output,
  problems: readonly ProblemCode[] = [],
) {
  return {
    method: 'PATCH',
    path: onePath,
    summary,
    caller: change,
    params,
    body,
    ifMatch: true,
    output,
    status: 200,
    problems: ['record_not_found', 'name_taken', 'grants_too_much', 'caller_changed', ...problems],
    needs: ['read', 'write'],
    audit: `${noun}.changed`,
  } as const;
}

export function deleting<Params extends z.ZodObject>(
  { onePath, change, noun }: GrantKindSpec,
  summary: string,
  params: Params,
) {
  return {
    method: 'DELETE',
    path: onePath,
    summary,
    caller: change,
    params,
    ifMatch: true,
    output: null,
    status: 204,
    problems: ['record_not_found', 'record_in_use', 'grants_too_much', 'caller_changed'],
    needs: ['read', 'write'],
    audit: `${noun}.deleted`,
  } as const;
}
