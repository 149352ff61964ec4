// The types of what tools/vendor/editor.js bundles.
export { basicSetup } from 'codemirror';
export { Compartment, EditorState, StateEffect, StateField } from '@codemirror/state';
export { Decoration, EditorView, hoverTooltip, keymap } from '@codemirror/view';
export { HighlightStyle, syntaxHighlighting, syntaxTree } from '@codemirror/language';
export { json, jsonLanguage, jsonParseLinter } from '@codemirror/lang-json';
export { lintGutter, linter, setDiagnostics } from '@codemirror/lint';
export { autocompletion } from '@codemirror/autocomplete';
export { tags } from '@lezer/highlight';
