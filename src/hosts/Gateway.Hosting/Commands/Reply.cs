using System.Text.Json.Nodes;

namespace Gateway.Hosting.Commands;

/// <summary>A response of the admin API.</summary>
/// <param name="Value">The response, read by its contract.</param>
/// <param name="Json">The response as the gateway sent it, with members that this release does not know.</param>
/// <param name="ETag">The version of the resource; null if it has none.</param>
internal sealed record Reply<T>(T Value, JsonNode Json, string? ETag = null);
