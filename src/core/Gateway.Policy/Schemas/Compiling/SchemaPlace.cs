using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>A schema as written: its JSON, its location in the document, and its base URI.</summary>
internal sealed record SchemaPlace(JsonNode Node, string Pointer, Uri Base);
