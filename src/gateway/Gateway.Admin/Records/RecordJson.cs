using System.Text.Json.Serialization;
using Gateway.Audit.Reading;

namespace Gateway.Admin.Records;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ReloadInput))]
[JsonSerializable(typeof(ReloadView))]
[JsonSerializable(typeof(StatusView))]
internal sealed partial class RecordJson : JsonSerializerContext;
