using System.Text.Json.Serialization;

namespace Gateway.Admin.McpTools;

/// <summary>The place where a person does what no agent may do.</summary>
/// <param name="Link">The page of the console.</param>
/// <param name="Message">Says that nothing was changed, and what to do next.</param>
internal sealed record McpLinkView(string Link, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(McpLinkView))]
internal sealed partial class McpJson : JsonSerializerContext;
