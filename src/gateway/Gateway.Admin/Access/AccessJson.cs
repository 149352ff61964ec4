using System.Text.Json.Serialization;

namespace Gateway.Admin.Access;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AccessView))]
internal sealed partial class AccessJson : JsonSerializerContext;
