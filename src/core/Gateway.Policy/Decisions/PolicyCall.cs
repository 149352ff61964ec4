namespace Gateway.Policy.Decisions;

/// <summary>One message of an agent, as far as a policy looks at it.</summary>
/// <param name="Method">The JSON-RPC method.</param>
/// <param name="Name">
/// Tool name, prompt name or URI by method. For <c>subscriptions/listen</c> one URI at a time; null where it names
/// none.
/// </param>
/// <param name="Arguments">The raw JSON object of a tool's arguments; empty where there is none.</param>
/// <param name="SessionId">
/// The session that the gateway has bound; without one a session's limits are the grant's.
/// </param>
/// <param name="Subject">What the name of a <c>completion/complete</c> is.</param>
/// <param name="At">The instant of the decision; null where no clock can be trusted: what reads it denies.</param>
public readonly record struct PolicyCall(
    string Method,
    string? Name = null,
    ReadOnlyMemory<byte> Arguments = default,
    string? SessionId = null,
    PolicySubject Subject = PolicySubject.ByMethod,
    DateTimeOffset? At = null)
{
    /// <summary>A call of a tool.</summary>
    public static PolicyCall OfTool(string tool, ReadOnlyMemory<byte> arguments, DateTimeOffset? at = null) =>
        new("tools/call", tool, arguments, At: at);

    /// <summary>The reading of a resource.</summary>
    public static PolicyCall OfResource(string uri) => new("resources/read", uri);

    /// <summary>The use of a prompt.</summary>
    public static PolicyCall OfPrompt(string name) => new("prompts/get", name);
}
