import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Icon } from '../parts/icon.js';
import { Page } from '../parts/page.js';
import { useApp } from '../state/use-app.js';
import { problemOf, TYPES } from './file.rules.js';

const LONGEST_CAPTION = 2_200;
const LONGEST_ALT_TEXT = 1_000;

/** Chooses a photo and says something about it; it is sent while the viewer goes on. */
export function NewPostPage() {
  const { newPosts } = useApp();
  const [, goTo] = useLocation();
  const [file, setFile] = useState<File | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [caption, setCaption] = useState('');
  const [altText, setAltText] = useState('');
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    const found = problemOf(chosen);
    setProblem(found);
    setFile(found ? null : chosen);
  };
  const share = (event: FormEvent) => {
    event.preventDefault();
    if (!file) return setProblem('Choose a photo first.');
    newPosts.start({ file, caption: caption.trim(), altText: altText.trim() });
    goTo('/');
  };
  return (
    <Page title="New post">
      <form className="card form new-post-form" onSubmit={share}>
        <PhotoChooser file={file} problem={problem} onChoose={choose} />
        <div className="field">
          <label htmlFor="caption">Caption</label>
          <textarea
            id="caption"
            rows={3}
            maxLength={LONGEST_CAPTION}
            value={caption}
            onChange={(event) => setCaption(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor="alt-text">Alt text</label>
          <textarea
            id="alt-text"
            rows={2}
            maxLength={LONGEST_ALT_TEXT}
            value={altText}
            aria-describedby="alt-text-help"
            onChange={(event) => setAltText(event.target.value)}
          />
          <p id="alt-text-help" className="faint">
            What the photo shows, for those who cannot see it.
          </p>
        </div>
        <button className="primary">Share</button>
      </form>
    </Page>
  );
}

interface ChooserProps {
  file: File | null;
  problem: string | null;
  onChoose: (file: File | undefined) => void;
}

function PhotoChooser({ file, problem, onChoose }: ChooserProps) {
  const preview = usePreview(file);
  return (
    <div className="field">
      <label
        className="chooser"
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          onChoose(event.dataTransfer.files[0]);
        }}
      >
        {preview ? <img src={preview} alt="The chosen photo" /> : <Icon name="picture" />}
        <span>{file ? 'Choose another photo' : 'Choose a photo'}</span>
        <input
          type="file"
          className="unseen"
          accept={TYPES.join(',')}
          aria-invalid={problem !== null}
          aria-describedby="photo-problem"
          onChange={(event) => onChoose(event.target.files?.[0])}
        />
      </label>
      <p id="photo-problem" role="alert" className="problem">
        {problem}
      </p>
    </div>
  );
}

function usePreview(file: File | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file) return setUrl(null);
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
