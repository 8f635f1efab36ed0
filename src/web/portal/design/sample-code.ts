/** One call in the languages that samples come in. The key is no key. */
export const codeOf = [
  { label: 'curl', language: 'bash', code: "curl 'https://api.example.com/atlas/v2/cities?limit=2' \\\n  -H 'Authorization: Bearer YOUR_KEY'" },
  { label: 'TypeScript', language: 'typescript', code: "const answer = await fetch('https://api.example.com/atlas/v2/cities?limit=2', {\n  headers: { Authorization: 'Bearer YOUR_KEY' },\n});\nconst { items } = await answer.json();" },
  { label: 'Python', language: 'python', code: "import requests\n\nanswer = requests.get(\n    'https://api.example.com/atlas/v2/cities',\n    params={'limit': 2},\n    headers={'Authorization': 'Bearer YOUR_KEY'},\n)" },
  { label: 'Go', language: 'go', code: 'request, err := http.NewRequest("GET", "https://api.example.com/atlas/v2/cities?limit=2", nil)\nif err != nil {\n\treturn err\n}\nrequest.Header.Set("Authorization", "Bearer YOUR_KEY")' },
  { label: 'JSON', language: 'json', code: '{\n  "name": "Vienna",\n  "population": 2005760,\n  "capital": true,\n  "twin": null\n}' },
];
