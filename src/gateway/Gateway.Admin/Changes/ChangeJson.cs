using System.Text.Json.Serialization;
using Gateway.Admin.Identity.Records;

namespace Gateway.Admin.Changes;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    MaxDepth = 256,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(HistoryView))]
[JsonSerializable(typeof(HistoryPageView))]
[JsonSerializable(typeof(string))]
internal sealed partial class ChangeJson : JsonSerializerContext;
