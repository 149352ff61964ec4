/** An event of a form's field. Selects, checkboxes and text areas have the members of an input that handlers read. */
type FieldEvent = Event & { target: HTMLInputElement };
type FieldKeyEvent = KeyboardEvent & { target: HTMLInputElement };
/** A `details` element was opened or closed. */
type DetailsEvent = Event & { target: HTMLDetailsElement };

/** What a template or a component renders. */
type Children = import('./vendor/ui.js').ComponentChildren;
/** What a component shows of a response that is read again, such as the result of `useResource`. */
type Resource<Data> = { data?: Data; error?: unknown; at?: number; reload?: () => unknown };
/** A path of the admin API that contains names: in `Form`, each name is `{}`. */
type ApiPath<Form extends string> = string & { form: Form };
type PathForm<Segments extends string[]> = Segments extends [infer First extends string, ...infer Rest extends string[]]
  ? `${string extends First ? '{}' : First}${Rest extends [] ? '' : `/${PathForm<Rest>}`}` : string;
/** Such as `GET grants/{}`; `string` if the path is not known before it runs. */
type RouteOf<Method extends string, Path> = Path extends { form: infer Form extends string } ? `${Method} ${Form}`
  : string extends Path ? string : Path extends string ? `${Method} ${Path}` : never;
type ApiAnswer<Method extends string, Path> = AnswerOfRoute<RouteOf<Method, Path>>;
type AnswerOfRoute<Route> = Route extends keyof Api.Routes ? Api.Routes[Route] : unknown;
/** A path that openapi.json has with the method. */
type KnownPath<Method extends string, Path> = Path & CheckedRoute<RouteOf<Method, Path>>;
type CheckedRoute<Route> = string extends Route ? unknown
  : [Route] extends [keyof Api.Routes] ? unknown : { 'openapi.json has no route': Route };
/** A JSON Schema as the console's forms read it. `ref` names the definition that it is. */
interface JsonSchema {
  $ref?: string; ref?: string; title?: string; description?: string; type?: string | string[];
  enum?: unknown[]; const?: unknown; default?: unknown; minimum?: number; minItems?: number;
  maxItems?: number; maxLength?: number;
  properties?: Record<string, JsonSchema>; required?: string[]; additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema; oneOf?: JsonSchema[]; anyOf?: JsonSchema[]; allOf?: JsonSchema[];
  $defs?: Record<string, JsonSchema>;
}
/** The published schema of policies. */
type PolicySchema = JsonSchema & Required<Pick<JsonSchema, '$defs' | 'properties'>>;
