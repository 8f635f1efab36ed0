// Lists as files that spreadsheets open (RFC 4180).
export type CsvCell = string | number | null;

/** One line. Text that a spreadsheet would run as a formula is kept text by an apostrophe before it. */
export function csvLine(cells: readonly CsvCell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A CSV file to keep, sent as its lines become known. */
export function csvResponse(fileName: string, lines: AsyncIterable<string>): Response {
  return fileResponse(fileName, 'text/csv; charset=utf-8', lines);
}

export function fileResponse(fileName: string, mediaType: string, lines: AsyncIterable<string>): Response {
  const iterator = lines[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => void (await iterator.return?.()),
  });
  return new Response(body, { headers: { 'content-type': mediaType, 'content-disposition': `attachment; filename="${fileName}"` } });
}
