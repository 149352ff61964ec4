using System.Text.Json.Nodes;

namespace Gateway.Hosting.Commands.Remote;

/// <summary>What the gateway answered, with the version of what it shows.</summary>
internal sealed record AdminDocument(JsonNode? Json, string Text, string? ETag)
{
    public JsonObject Object => Json!.AsObject();
}
