using System.Text.Json.Serialization;

namespace Gateway.Admin.McpTools;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(McpLinkView))]
internal sealed partial class McpJson : JsonSerializerContext;
