using System.Text.Json.Serialization;

namespace Gateway.Audit.Verifying;

/// <summary>How reports are written as JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyReport))]
public sealed partial class VerifyJson : JsonSerializerContext;
