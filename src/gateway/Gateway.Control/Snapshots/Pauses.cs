namespace Gateway.Control.Snapshots;

/// <summary>
/// The operators' pauses, beside the pause in a grant itself: of everything, of servers, of grants whatever their
/// origin, of subjects at every grant, and of tools. Each pause is separate, so that the end of one ends no other.
/// </summary>
public sealed class Pauses
{
    /// <summary>The name of the pause of everything.</summary>
    public const string GatewayName = "gateway";

    /// <summary>The beginning of a digest that names a subject, as records may contain it.</summary>
    public const string DigestStart = "hmac:";

    private const string ServerPrefix = "servers/";
    private const string GrantPrefix = "grants/";
    private const string SubjectPrefix = "subjects/";
    private const string ToolPrefix = "tools/";

    private readonly Dictionary<string, Pause> _all;
    private readonly bool _hasTools;
    private readonly bool _hasDigests;

    /// <summary>Creates the pauses of a store, by name.</summary>
    public Pauses(IEnumerable<KeyValuePair<string, Pause>> all)
    {
        _all = new(all, StringComparer.Ordinal);
        Gateway = _all.GetValueOrDefault(GatewayName);
        _hasTools = Tools.Any();
        // A pause whose content is lost may name a digest.
        _hasDigests = Subjects.Any(static one => one.Value.Subject is not { } subject
            || subject.Name.StartsWith(DigestStart, StringComparison.Ordinal));
    }

    /// <summary>No pauses.</summary>
    public static Pauses None { get; } = new([]);

    /// <summary>The pause of everything; null if there is none.</summary>
    public Pause? Gateway { get; }

    /// <summary>Returns the pause with a name; null if there is none.</summary>
    public Pause? Named(string name) => _all.GetValueOrDefault(name);

    /// <summary>Returns the names of the pauses whose end has been reached.</summary>
    public IEnumerable<string> EndedAt(long nowMs) =>
        _all.Where(one => one.Value.UntilMs <= nowMs).Select(static one => one.Key);

    /// <summary>The number of pauses.</summary>
    public int Count => _all.Count;

    /// <summary>The pauses of subjects, by name.</summary>
    public IEnumerable<KeyValuePair<string, Pause>> Subjects =>
        _all.Where(static one => one.Key.StartsWith(SubjectPrefix, StringComparison.Ordinal));

    /// <summary>The pauses of tools, by name.</summary>
    public IEnumerable<KeyValuePair<string, Pause>> Tools =>
        _all.Where(static one => one.Key.StartsWith(ToolPrefix, StringComparison.Ordinal));

    /// <summary>
    /// Returns the name of the pause of a tool. It contains a digest, since a server may choose any name for a tool.
    /// </summary>
    public static string OfToolName(string server, string tool) => ToolPrefix + CallerIdentity.Digest(server, tool);

    /// <summary>Returns the pause of a tool; null if the tool itself is not paused.</summary>
    public Pause? OfTool(string server, string tool) =>
        _hasTools ? _all.GetValueOrDefault(OfToolName(server, tool)) : null;

    /// <summary>
    /// Returns the name of the pause of a subject. It contains a digest, so that a pause applies even if its content is
    /// lost.
    /// </summary>
    public static string OfSubjectName(string issuer, string subject) =>
        SubjectPrefix + CallerIdentity.Digest(issuer, subject);

    /// <summary>Returns the name of the pause of a server.</summary>
    public static string OfServerName(string server) => ServerPrefix + server;

    /// <summary>Returns the name of the pause of a grant.</summary>
    public static string OfGrantName(string grant) => GrantPrefix + grant;

    /// <summary>Returns the pause of a server; null if the server itself is not paused.</summary>
    public Pause? OfServer(string server) => Of(ServerPrefix, server);

    /// <summary>Returns the pause of a grant; null if the grant itself is not paused.</summary>
    public Pause? OfGrant(string grant) => Of(GrantPrefix, grant);

    /// <summary>Returns the pause of a caller; null if its calls are not refused at this time.</summary>
    public Pause? OfCaller(CallerIdentity? caller, long nowMs) => caller is null || _all.Count == 0 ? null
        : Stopping(caller.PauseName, nowMs) ?? (_hasDigests ? Stopping(caller.DigestPauseName, nowMs) : null);

    /// <summary>Returns the pause of a subject; null if its calls are not refused at this time.</summary>
    /// <param name="issuer">The URL of the issuer.</param>
    /// <param name="subject">The subject.</param>
    /// <param name="digest">The digest of the subject in records; null if there is none.</param>
    /// <param name="nowMs">The time in Unix milliseconds.</param>
    public Pause? OfSubject(string issuer, string subject, string? digest, long nowMs) =>
        Stopping(OfSubjectName(issuer, subject), nowMs)
        ?? (digest is null ? null : Stopping(OfSubjectName(issuer, digest), nowMs));

    private Pause? Stopping(string? name, long nowMs) =>
        name is not null && _all.GetValueOrDefault(name) is { } pause && !(nowMs < pause.Subject?.ExpiresMs)
            ? pause : null;

    // A call allocates no string while nothing is paused.
    private Pause? Of(string prefix, string name) =>
        _all.Count == 0 ? null : _all.GetValueOrDefault(prefix + name);
}
