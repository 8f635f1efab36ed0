// The part of pdfkit (MIT) that invoice-pdf.ts stands on.
declare module 'pdfkit' {
  interface TextOptions { width?: number; align?: 'left' | 'right'; lineBreak?: boolean; continued?: boolean; lineGap?: number; characterSpacing?: number; link?: string }
  export default class PDFDocument {
    constructor(options: { size: 'A4'; margin: number; bufferPages: boolean; font: string | null; compress: boolean; lang: string; displayTitle: boolean; pdfVersion: '1.7'; info: { Title: string; Author: string; Subject: string; Creator: string; CreationDate: Date } });
    y: number;
    /** The font in use; its file as fontkit reads it. Not documented by pdfkit, which is pinned to one version. */
    readonly _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } };
    registerFont(name: string, file: string): this;
    font(name: string): this;
    fontSize(size: number): this;
    fillColor(colour: string): this;
    text(text: string, x: number, y: number, options?: TextOptions): this;
    heightOfString(text: string, options?: TextOptions): number;
    moveTo(x: number, y: number): this;
    lineTo(x: number, y: number): this;
    lineWidth(width: number): this;
    strokeColor(colour: string): this;
    stroke(): this;
    addPage(): this;
    bufferedPageRange(): { start: number; count: number };
    switchToPage(index: number): this;
    on(event: 'data', listener: (chunk: Uint8Array) => void): this;
    on(event: 'end', listener: () => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    end(): void;
  }
}
