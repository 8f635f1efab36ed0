import { useRef, useState } from 'react';
import type { SampleCall } from '../code-samples.ts';
import { buildCall, chosenContent, findMistakes, initialValues, isFileType, type Mistake, type TryItOperation, type TryItValues } from './build-call.ts';
import { sendCall, type Answer, type Failure } from './send-call.ts';
import type { TryItKey } from './try-it.server.ts';

export interface TryItState {
  values: TryItValues;
  setValue(id: string, value: string): void;
  /** The file that is the body, or none. */
  setFile(file: File | null): void;
  /** Sends the body as another type, which begins with its own example. */
  chooseType(mediaType: string): void;
  mistakes: Record<string, Mistake>;
  /** What would be sent now; with a placeholder where there is no key. */
  call: SampleCall;
  busy: boolean;
  result: Answer | Failure | null;
  /** The key had ended, and the answer is to a second request with a new one. */
  renewed: boolean;
  /** Sends, unless a field has a mistake: then answers the id of the first. */
  send(): string | undefined;
  stop(): void;
}

/** The state of one try-it form. `given` are values in place of the operation's own examples. */
export function useTryIt(operation: TryItOperation, key: TryItKey, placeholder: string, given: TryItValues = {}): TryItState {
  const [values, setValues] = useState<TryItValues>(() => ({ ...initialValues(operation), ...given }));
  const [mistakes, setMistakes] = useState<Record<string, Mistake>>({});
  const [current, setCurrent] = useState(key.state === 'ready' ? key.key : undefined);
  const [result, setResult] = useState<Answer | Failure | null>(null);
  const [busy, setBusy] = useState(false);
  const [renewed, setRenewed] = useState(false);
  const [file, setFile] = useState<File | null>(null);
  const stopper = useRef<AbortController | null>(null);

  const run = async (): Promise<void> => {
    stopper.current = new AbortController();
    const { signal } = stopper.current;
    const sentFile = isFileType(chosenContent(operation, values)?.mediaType ?? '') ? file : null;
    setBusy(true);
    setRenewed(false);
    let answer = await sendCall(buildCall(operation, values, current ?? placeholder), signal, sentFile);
    if (typeof answer === 'object' && answer.status === 401 && answer.problem && ended.has(answer.problem.code)) {
      const fresh = await mintKey(operation);
      if (fresh !== undefined) {
        setCurrent(fresh);
        setRenewed(true);
        answer = await sendCall(buildCall(operation, values, fresh), signal, sentFile);
      }
    }
    setResult(answer);
    setBusy(false);
  };
  const setValue = (id: string, value: string): void => {
    setValues((before) => ({ ...before, [id]: value }));
    setMistakes((before) => Object.fromEntries(Object.entries(before).filter(([field]) => field !== id)));
  };
  return {
    values, mistakes, busy, result, renewed,
    call: buildCall(operation, values, current ?? placeholder),
    setValue,
    setFile: (chosen) => {
      setFile(chosen);
      setValue('body', chosen?.name ?? '');
    },
    chooseType: (mediaType) => {
      setFile(null);
      setValue('body', isFileType(mediaType) ? '' : chosenContent(operation, { mediaType })!.initial);
      setValue('mediaType', mediaType);
    },
    send: () => {
      const found = findMistakes(operation, values);
      setMistakes(found);
      const [first] = Object.keys(found);
      if (first === undefined) void run();
      return first;
    },
    stop: () => stopper.current?.abort(),
  };
}

const ended = new Set(['key_expired', 'key_revoked', 'key_unknown']);

async function mintKey({ product, version }: TryItOperation): Promise<string | undefined> {
  try {
    const response = await fetch(`/${product}/${version}/openapi.key`, { method: 'POST', body: new URLSearchParams() });
    const { key } = (await response.json()) as { key?: string };
    return key;
  } catch {
    return undefined;
  }
}
