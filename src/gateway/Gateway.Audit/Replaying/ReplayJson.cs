using System.Text.Json.Serialization;

namespace Gateway.Audit.Replaying;

/// <summary>Reports of replays as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayReport))]
public sealed partial class ReplayJson : JsonSerializerContext;
