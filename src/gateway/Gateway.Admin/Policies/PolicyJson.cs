using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Admin.Answers;

namespace Gateway.Admin.Policies;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PageView<PolicyView>))]
[JsonSerializable(typeof(PageView<PolicyVersionView>))]
[JsonSerializable(typeof(PolicyReviewView))]
[JsonSerializable(typeof(ExplainInput))]
[JsonSerializable(typeof(ExplainView))]
[JsonSerializable(typeof(PolicyDiffInput))]
[JsonSerializable(typeof(PolicyDiffView))]
[JsonSerializable(typeof(PolicyTestInput))]
[JsonSerializable(typeof(PolicyTestView))]
[JsonSerializable(typeof(PolicyDraftInput))]
[JsonSerializable(typeof(PolicyDraftView))]
[JsonSerializable(typeof(CandidateInput))]
[JsonSerializable(typeof(CandidateView))]
internal sealed partial class PolicyJson : JsonSerializerContext;
