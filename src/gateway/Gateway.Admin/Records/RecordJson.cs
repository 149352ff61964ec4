using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Audit.Reading;
using Gateway.Audit.Searching;
using Gateway.Control.Usage.Asking;

namespace Gateway.Admin.Records;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AttentionNote))]
[JsonSerializable(typeof(AttentionNoteInput))]
[JsonSerializable(typeof(AttentionView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(CallView))]
[JsonSerializable(typeof(ClockView))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(EffectiveConfigView))]
[JsonSerializable(typeof(PageView<AttentionView>))]
[JsonSerializable(typeof(RecordFacets))]
[JsonSerializable(typeof(RecordPageView))]
[JsonSerializable(typeof(ReloadInput))]
[JsonSerializable(typeof(ReloadView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(UsageAnswer))]
internal sealed partial class RecordJson : JsonSerializerContext;
