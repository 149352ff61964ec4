using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Admin.Approvals;
using Gateway.Admin.Counters;
using Gateway.Admin.Grants;
using Gateway.Admin.Pausing;
using Gateway.Admin.Policies;
using Gateway.Admin.Records;
using Gateway.Admin.Servers;
using Gateway.Audit.Reading;

namespace Gateway.Admin;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ProblemView))]
[JsonSerializable(typeof(ServerInput))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(PageView<ServerView>))]
[JsonSerializable(typeof(ToolsView))]
[JsonSerializable(typeof(PolicyView))]
[JsonSerializable(typeof(PageView<PolicyView>))]
[JsonSerializable(typeof(GrantInput))]
[JsonSerializable(typeof(GrantView))]
[JsonSerializable(typeof(GrantCreated))]
[JsonSerializable(typeof(RotateInput))]
[JsonSerializable(typeof(PausesView))]
[JsonSerializable(typeof(PageView<GrantView>))]
[JsonSerializable(typeof(CounterReset))]
[JsonSerializable(typeof(CounterView))]
[JsonSerializable(typeof(PageView<CounterView>))]
[JsonSerializable(typeof(ApprovalInput))]
[JsonSerializable(typeof(ApprovalView))]
[JsonSerializable(typeof(PageView<ApprovalView>))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(ReloadInput))]
[JsonSerializable(typeof(ReloadView))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class AdminJsonContext : JsonSerializerContext;
