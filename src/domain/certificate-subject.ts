/** The parts of a name such as `CN=partner,O=Acme` (RFC 4514), each as it stands there: escaped commas stay in their part. */
export function subjectParts(name: string): string[] {
  return (name.match(/(?:\\.|[^,\\])+/g) ?? []).map((part) => part.trim());
}
