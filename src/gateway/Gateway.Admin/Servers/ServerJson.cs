using System.Text.Json.Serialization;
using Gateway.Admin.Answers;
using Gateway.Control.Contracts;

namespace Gateway.Admin.Servers;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ServerInput))]
[JsonSerializable(typeof(ServerTest))]
[JsonSerializable(typeof(ServerRenameInput))]
[JsonSerializable(typeof(ServerRenameView))]
[JsonSerializable(typeof(ServerView))]
[JsonSerializable(typeof(ToolsView))]
[JsonSerializable(typeof(PageView<ServerView>))]
internal sealed partial class ServerJson : JsonSerializerContext;
