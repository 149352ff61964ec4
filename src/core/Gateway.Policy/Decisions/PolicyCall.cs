using Gateway.Policy.Classes;
using Gateway.Policy.Variants;

namespace Gateway.Policy.Decisions;

/// <summary>The parts of an agent's message that a policy evaluates.</summary>
/// <param name="Subject">The subject of the message.</param>
/// <param name="Name">The name of the tool or prompt, or the URI; null if it names none.</param>
/// <param name="Arguments">The raw JSON object of a tool's arguments; empty if there is none.</param>
/// <param name="SessionId">
/// The session that the gateway has bound. Without a session, session limits count for the grant.
/// </param>
/// <param name="At">
/// The instant of the decision. Null if no clock can be trusted; rules that depend on it then deny.
/// </param>
/// <param name="Standing">The status of the tool's definition.</param>
/// <param name="Listing">
/// The relation of a tool's or prompt's name to the names that the server lists; null if unknown.
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
    /// <summary>
    /// The caller, if a token of an issuer identified it; null for a grant's own token. A made-up caller without a
    /// subject only sets <see cref="Headers"/>.
    /// </summary>
    public Caller? Caller
    {
        get;
        init
        {
            field = value is { Subject: "" } ? null : value;
            Headers ??= value?.Headers;
        }
    }

    /// <summary>
    /// The headers of the request if a trusted proxy sent it; null for any other connection. They are enumerated only
    /// if a rule reads one.
    /// </summary>
    public IEnumerable<KeyValuePair<string, string>>? Headers { get; init; }

    /// <summary>The accepted class of the tool, or of the tool whose call created the task.</summary>
    public ToolClass Class { get; init; }

    /// <summary>
    /// The tool whose call created the task; null if the task is unknown, or if the message concerns none.
    /// </summary>
    public string? TaskTool { get; init; }

    /// <summary>Creates a call of a tool.</summary>
    public static PolicyCall OfTool(string tool, ReadOnlyMemory<byte> arguments, DateTimeOffset? at = null) =>
        new(PolicySubject.Tool, tool, arguments, At: at);

    /// <summary>Creates a read of a resource.</summary>
    public static PolicyCall OfResource(string uri) => new(PolicySubject.Resource, uri);

    /// <summary>Creates a use of a prompt.</summary>
    public static PolicyCall OfPrompt(string name) => new(PolicySubject.Prompt, name);
}

/// <summary>The status of a tool's definition, compared with the accepted one. The caller determines it.</summary>
public enum ToolStanding
{
    /// <summary>The definition is the accepted one, or definitions are not checked.</summary>
    Accepted,

    /// <summary>The definition is new, changed, or has a finding that a person should review.</summary>
    Unaccepted,

    /// <summary>The definition has a finding that no ordinary definition has.</summary>
    Blocked,
}
