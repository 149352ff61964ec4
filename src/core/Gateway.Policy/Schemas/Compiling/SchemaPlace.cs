using Gateway.Policy.Json;

namespace Gateway.Policy.Schemas.Compiling;

/// <summary>
/// A schema as written: its text, where it stands in the document, and the URI that it is relative to.
/// </summary>
internal sealed record SchemaPlace(JsonNode Node, string Pointer, Uri Base);
