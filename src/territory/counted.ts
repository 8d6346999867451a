/** A number with what is counted: `1 unit`, `2 units`. */
export function counted(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
