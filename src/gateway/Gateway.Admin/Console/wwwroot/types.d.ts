/** An event of a form's field. Selects, checkboxes and text areas have the members of an input that handlers read. */
type FieldEvent = Event & { target: HTMLInputElement };
type FieldKeyEvent = KeyboardEvent & { target: HTMLInputElement };
/** A `details` element was opened or closed. */
type DetailsEvent = Event & { target: HTMLDetailsElement };
