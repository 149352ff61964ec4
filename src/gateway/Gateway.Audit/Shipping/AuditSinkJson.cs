using System.Text.Json.Serialization;

namespace Gateway.Audit.Shipping;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Dictionary<string, AuditSinkEntry>))]
internal sealed partial class AuditSinkJson : JsonSerializerContext;
