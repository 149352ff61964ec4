using System.Text.Json.Serialization;

namespace Gateway.Audit.Verifying;

/// <summary>JSON serialization of verification reports.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(VerifyReport))]
public sealed partial class VerifyJson : JsonSerializerContext;
