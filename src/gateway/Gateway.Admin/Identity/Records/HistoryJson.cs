using System.Text.Json.Serialization;

namespace Gateway.Admin.Identity.Records;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = 256,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ConfigFilesDocument))]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(RestoreDone))]
[JsonSerializable(typeof(string))]
internal sealed partial class HistoryJson : JsonSerializerContext;
