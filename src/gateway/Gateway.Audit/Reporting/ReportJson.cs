using System.Text.Json.Serialization;

namespace Gateway.Audit.Reporting;

/// <summary>JSON serialization of reports.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditReport))]
public sealed partial class ReportJson : JsonSerializerContext;
