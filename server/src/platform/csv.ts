/** What a spreadsheet takes for the beginning of a formula, full-width forms too. */
const TRIGGER = String.raw`=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20`
/** Where a cell begins, or would begin for a reader that takes something else for the delimiter, or forgets quotes. */
const START = String.raw`(?<=^|[,;|\t\r\n"])`
const BEGINNING = new RegExp(String.raw`${START}(?=(?:'|[^\S\t\r\n])*[${TRIGGER}])`, 'g')

/** A text of which no part, however it is cut into cells, begins like a formula: an apostrophe stands before each that would. */
export function disarm(text: string): string {
  return text.replace(BEGINNING, "'")
}

/** One row as RFC 4180 has it, every cell quoted, none of them a formula. */
export function csvRow(cells: readonly (string | null)[]): string {
  return `${cells.map((cell) => `"${disarm(cell ?? '').replaceAll('"', '""')}"`).join(',')}\r\n`
}
