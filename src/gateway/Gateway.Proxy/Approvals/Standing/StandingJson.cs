using System.Text.Json.Serialization;

namespace Gateway.Proxy.Approvals.Standing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StandingApproval))]
internal sealed partial class StandingJson : JsonSerializerContext;
