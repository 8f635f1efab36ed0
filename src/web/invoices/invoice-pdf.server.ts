export function pdfResponse({ fileName, content }: { fileName: string; content: Uint8Array<ArrayBuffer> }): Response {
  return new Response(content, { headers: { 'content-type': 'application/pdf', 'content-disposition': `attachment; filename="${fileName}"` } });
}
