/** Text of the catalogue: what stands between backticks is code. */
export function Inline({ text }: { text: string }) {
  return text.split('`').map((part, index) => (index % 2 === 1 ? <code key={index} className="rounded-md bg-sunken px-1 text-[0.9em]">{part}</code> : part));
}
