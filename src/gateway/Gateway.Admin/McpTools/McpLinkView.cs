using System.Text.Json.Serialization;

namespace Gateway.Admin.McpTools;

/// <summary>A link for a person, in response to an operation that agents cannot perform.</summary>
/// <param name="Link">The address of the console's page.</param>
/// <param name="Message">The text that says that nothing was changed, and what to do next.</param>
internal sealed record McpLinkView(string Link, string Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(McpLinkView))]
internal sealed partial class McpJson : JsonSerializerContext;
