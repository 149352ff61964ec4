using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Approvals;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ApprovalInput))]
[JsonSerializable(typeof(AskedToolView))]
[JsonSerializable(typeof(ApprovalView))]
[JsonSerializable(typeof(PageView<ApprovalView>))]
[JsonSerializable(typeof(StandingView))]
[JsonSerializable(typeof(PageView<StandingView>))]
[JsonSerializable(typeof(List<ConditionView>))]
internal sealed partial class ApprovalJson : JsonSerializerContext;
