using System.Text.Json.Serialization;

namespace Gateway.Proxy.Approvals.Requests;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Approval))]
internal sealed partial class ApprovalJsonContext : JsonSerializerContext;
