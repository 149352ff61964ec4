namespace Gateway.Policy.Schemas.Compiling;

/// <summary>The keywords of JSON Schema 2020-12, by the kind of their values.</summary>
internal static class SchemaVocabulary
{
    public const string Dialect = "https://json-schema.org/draft/2020-12/schema";

    /// <summary>
    /// Older dialects that have these keywords with the same meaning. Syntax that differs, such as tuples and
    /// <c>dependencies</c>, is not supported.
    /// </summary>
    public static readonly string[] OlderDialects =
    [
        "https://json-schema.org/draft/2019-09/schema", "http://json-schema.org/draft-07/schema",
        "https://json-schema.org/draft-07/schema", "http://json-schema.org/draft-06/schema",
    ];

    /// <summary>Keywords that contain one schema.</summary>
    public static readonly string[] Single =
    [
        "not", "if", "then", "else", "items", "contains", "additionalProperties", "propertyNames", "contentSchema",
        "unevaluatedItems", "unevaluatedProperties",
    ];

    /// <summary>Keywords that contain an array of schemas.</summary>
    public static readonly string[] Lists = ["allOf", "anyOf", "oneOf", "prefixItems"];

    /// <summary>Keywords that contain schemas by name.</summary>
    public static readonly string[] Maps =
        ["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"];

    public static readonly string[] Assertions =
    [
        "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum",
        "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems", "maxContains", "minContains",
        "maxProperties", "minProperties", "required", "dependentRequired",
    ];

    /// <summary>Keywords for readers or forms, which do not affect validation.</summary>
    public static readonly string[] Annotations =
    [
        "title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "format", "$comment",
        "contentEncoding", "contentMediaType",
    ];

    public static readonly string[] Core = ["$schema", "$id", "$anchor", "$ref"];

    /// <summary>Keywords that affect validation and that this release does not support.</summary>
    public static readonly string[] Unsupported =
    [
        "$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor", "$vocabulary", "dependencies",
        "additionalItems",
    ];

    public static readonly string[] Known = [.. Single, .. Lists, .. Maps, .. Assertions, .. Annotations, .. Core];
}
