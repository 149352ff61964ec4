using System.Text.Json.Serialization;

namespace Gateway.Admin.Pausing;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PauseInput))]
[JsonSerializable(typeof(PausesView))]
[JsonSerializable(typeof(SubjectInput))]
internal sealed partial class PauseJson : JsonSerializerContext;
