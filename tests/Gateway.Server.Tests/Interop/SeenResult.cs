using System.Text.Json;

namespace Gateway.Server.Tests.Interop;

/// <summary>A tool result as a client handed it to its caller; <see cref="Text"/> is what a model reads.</summary>
internal sealed record SeenResult(bool IsError, string Text, JsonElement? Decision)
{
    public string? Outcome => Decision?.GetProperty("outcome").GetString();
}
