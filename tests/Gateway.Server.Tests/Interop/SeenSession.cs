namespace Gateway.Server.Tests.Interop;

/// <summary>All that a scripted client saw of a server.</summary>
internal sealed record SeenSession(
    string Server,
    string ProtocolVersion,
    bool HasSession,
    ImmutableArray<string> Tools,
    ImmutableArray<SeenResult> Results)
{
    public const string LegacyClient = "legacy-client.js";
    public const string StatelessClient = "stateless-client.js";

    /// <summary>Runs an official TypeScript client to its end.</summary>
    public static async Task<SeenSession> RunAsync(
        string client, Uri url, string token, CancellationToken cancellationToken, params ScriptedCall[] calls)
    {
        var script = JsonSerializer.Serialize(new { url, token, calls }, JsonSerializerOptions.Web);
        await using var process = NodeProcess.Start(client, script);
        var line = await process.ReadJsonLineAsync(cancellationToken);
        return JsonSerializer.Deserialize<SeenSession>(line, JsonSerializerOptions.Web)!;
    }
}
