using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gateway.Proxy.Admin.Answers;
using Gateway.Proxy.Admin.Approvals;
using Gateway.Proxy.Admin.Counters;
using Gateway.Proxy.Admin.Grants;
using Gateway.Proxy.Admin.Pausing;
using Gateway.Proxy.Admin.Policies;
using Gateway.Proxy.Admin.Records;
using Gateway.Proxy.Admin.Servers;

namespace Gateway.Proxy.Admin;

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
