using System.Text.Json.Serialization;

namespace Gateway.Audit.Replaying;

/// <summary>JSON serialization of replay reports.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayReport))]
public sealed partial class ReplayJson : JsonSerializerContext;
