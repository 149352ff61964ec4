// The types of what tools/vendor/ui.js bundles.
export { Component, Fragment, createContext, createRef, h, render } from 'preact';
export type { ComponentChildren, ComponentType, JSX, RefObject, VNode } from 'preact';
export {
  useCallback, useContext, useEffect, useErrorBoundary, useId, useLayoutEffect, useMemo, useReducer, useRef, useState,
} from 'preact/hooks';
export { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect } from '@preact/signals';
export type { ReadonlySignal, Signal } from '@preact/signals';
/** Checked by hand: templates have no types. */
export function html(strings: TemplateStringsArray, ...values: any[]): any;
