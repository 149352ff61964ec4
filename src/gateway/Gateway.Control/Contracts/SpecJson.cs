using System.Text.Json.Serialization;

namespace Gateway.Control.Contracts;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GrantSpec))]
[JsonSerializable(typeof(GrantFile))]
internal sealed partial class SpecJson : JsonSerializerContext;
