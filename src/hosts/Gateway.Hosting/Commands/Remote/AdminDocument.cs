using System.Text.Json.Nodes;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>The body of a response with its version; <paramref name="Json"/> is null if it is not JSON.</summary>
internal sealed record AdminDocument(JsonNode? Json, string Text, string? ETag);
