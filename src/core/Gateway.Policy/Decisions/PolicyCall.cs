using Gateway.Policy.Variants;

namespace Gateway.Policy.Decisions;

/// <summary>One message of an agent, as far as a policy looks at it.</summary>
/// <param name="Subject">What it is about.</param>
/// <param name="Name">The name of the tool or prompt, or the URI; null where it names none.</param>
/// <param name="Arguments">The raw JSON object of a tool's arguments; empty where there is none.</param>
/// <param name="SessionId">
/// The session that the gateway has bound; without one a session's limits are the grant's.
/// </param>
/// <param name="At">The instant of the decision; null where no clock can be trusted: what reads it denies.</param>
/// <param name="Standing">What is known of a tool's definition.</param>
/// <param name="Listing">
/// How the name of a tool or prompt relates to the names that the server lists; null where nothing is known.
/// </param>
public readonly record struct PolicyCall(
    PolicySubject Subject,
    string? Name = null,
    ReadOnlyMemory<byte> Arguments = default,
    string? SessionId = null,
    DateTimeOffset? At = null,
    ToolStanding Standing = ToolStanding.Accepted,
    NameListing? Listing = null)
{
    /// <summary>A call of a tool.</summary>
    public static PolicyCall OfTool(string tool, ReadOnlyMemory<byte> arguments, DateTimeOffset? at = null) =>
        new(PolicySubject.Tool, tool, arguments, At: at);

    /// <summary>The reading of a resource.</summary>
    public static PolicyCall OfResource(string uri) => new(PolicySubject.Resource, uri);

    /// <summary>The use of a prompt.</summary>
    public static PolicyCall OfPrompt(string name) => new(PolicySubject.Prompt, name);
}
