import type { MarkedText } from '../../../control/services.ts';

/** Text with what was met set apart, in weight and not only in colour. */
export function Marked({ text }: { text: MarkedText }) {
  return text.map((part, index) => (part.hit ? <mark key={index} className="rounded-xs bg-accent-soft font-semibold text-ink">{part.text}</mark> : part.text));
}
