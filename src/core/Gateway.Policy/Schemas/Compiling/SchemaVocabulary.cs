namespace Gateway.Policy.Schemas.Compiling;

/// <summary>The keywords of JSON Schema 2020-12, by what they hold.</summary>
internal static class SchemaVocabulary
{
    public const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>
    /// Dialects whose keywords are here, each with the same meaning. What they write otherwise, such as tuples and
    /// <c>dependencies</c>, is not.
    /// </summary>
    public static readonly string[] OlderDialects =
    [
        "https://json-schema.org/draft/2019-09/schema", "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft-07/schema", "http://json-schema.org/draft-06/schema",
    ];

    /// <summary>Hold one schema.</summary>
    public static readonly string[] Single =
    [
        "not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "contentSchema",
        "unevaluatedItems", "unevaluatedProperties",
    ];

    /// <summary>Hold an array of schemas.</summary>
    public static readonly string[] Lists = ["allOf", "anyOf", "oneOf", "prefixItems"];

    /// <summary>Hold schemas by name.</summary>
    public static readonly string[] Maps =
        ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

    public static readonly string[] Assertions =
    [
        "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
        "maxProperties", "minProperties", "required", "dependentRequired",
    ];

    /// <summary>Say something to a reader or a form; they decide nothing.</summary>
    public static readonly string[] Annotations =
    [
        "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "format", "$comment",
        "contentEncoding", "contentMediaType",
    ];

    public static readonly string[] Core = ["$schema", "$id", "$anchor", "$ref"];

    /// <summary>Would decide something, and this release does not know what.</summary>
    public static readonly string[] Unsupported =
    [
        "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary", "dependencies",
        "additionalItems",
    ];

    public static readonly string[] Known = [.. Single, .. Lists, .. Maps, .. Assertions, .. Annotations, .. Core];
}
