import type { InputHTMLAttributes } from 'react';

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  id: string;
  label: string;
  help?: string;
  problem?: string | undefined;
}

/** A line of a form, with what is wrong with it. */
export function Field({ id, label, help, problem, ...input }: Props) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        name={id}
        required
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-about`}
        {...input}
      />
      <p id={`${id}-about`} className={problem ? 'problem' : 'faint'}>
        {problem ?? help}
      </p>
    </div>
  );
}
