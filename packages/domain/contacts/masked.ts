// An address or a number in part: enough to recognize one's own, too little to learn it.

/** j…@example.com, or +420…67. */
export function masked(contact: string): string {
  return contact.includes('@') ? contact.replace(/^(.).*@/u, '$1…@') : contact.replace(/^(.{4}).*(..)$/u, '$1…$2');
}
