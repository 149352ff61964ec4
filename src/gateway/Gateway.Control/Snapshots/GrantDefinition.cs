using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Control.Contracts;
using Gateway.Control.Virtual;
using Gateway.Policy.Text;

namespace Gateway.Control.Snapshots;

/// <summary>A grant as it was created, in the file or over the API: names only, nothing bound yet.</summary>
/// <param name="Name">The grant's name, to which its counters belong.</param>
/// <param name="Token">The hash of its token.</param>
/// <param name="Servers">Server name to policy name; null denies every call there.</param>
/// <param name="ExpiresMs">The time from which it is refused, in Unix milliseconds; null for never.</param>
/// <param name="IsPaused">True if it is refused until it is resumed.</param>
/// <param name="CreatedMs">The time of its creation, if known.</param>
public sealed record GrantDefinition(
    string Name,
    TokenHash Token,
    ImmutableSortedDictionary<string, string?> Servers,
    long? ExpiresMs,
    bool IsPaused = false,
    long? CreatedMs = null)
{
    /// <summary>
    /// The suffix of the grant's name that means its token from before the last rotation; no name contains it.
    /// </summary>
    internal const string PreviousSuffix = "/previous";

    /// <summary>
    /// The length of a grant in the file: it ends this long after its token was first seen, and <c>ExpiresMs</c> is 0
    /// until that time is known.
    /// </summary>
    public TimeSpan? Length { get; init; }

    /// <summary>The token from before the last rotation; null if there is none.</summary>
    public PreviousToken? Previous { get; init; }

    /// <summary>The form in which its tools are listed.</summary>
    public ToolsAs ToolsAs { get; init; }

    /// <summary>The tools that stand for others of its servers; null for none.</summary>
    public VirtualTools? VirtualTools { get; init; }

    /// <summary>
    /// The members of the configuration without effect on calls, and the text of <see cref="Match"/>; null if there are
    /// none.
    /// </summary>
    public GrantSpec? Notes { get; private init; }

    /// <summary>The tokens of an issuer that select it; null if only its own token does.</summary>
    public GrantMatch? Match { get; init; }

    /// <summary>The rules for proofs that callers hold the keys of their tokens.</summary>
    public ProofRules Proofs { get; init; }

    /// <summary>The client that signed in for it; null if an operator issued it.</summary>
    public OAuthGrant? OAuth { get; init; }

    /// <summary>Each expiry: of the grant, by its name, and of its token from before the last rotation.</summary>
    internal IEnumerable<(string Name, long EndsMs)> Ends
    {
        get
        {
            if (ExpiresMs is { } endsMs)
                yield return (Name, endsMs);
            if (Previous is { } previous)
                yield return (Name + PreviousSuffix, previous.UntilMs);
        }
    }

    /// <summary>Each token of the grant, with the time from which that token is refused.</summary>
    public IEnumerable<(TokenHash Token, long? UntilMs)> Tokens
    {
        get
        {
            yield return (Token, ExpiresMs);
            if (Previous is { } previous)
                yield return (previous.Token, Math.Min(previous.UntilMs, ExpiresMs ?? long.MaxValue));
        }
    }

    /// <summary>
    /// The configuration that <see cref="Of"/> reads. It is composed on request: a gateway may have very many grants.
    /// </summary>
    public GrantSpec Spec => (Notes ?? new GrantSpec()) with
    {
        Servers = Servers.ToDictionary(
            static server => server.Key, static server => new GrantedPolicy(server.Value), StringComparer.Ordinal),
        Expires = ExpiresMs is { } ms ? WrittenTime.Text(ms) : null,
        ToolsAs = ToolsAs == ToolsAs.Search ? GrantSpec.SearchTools : null,
        VirtualTools = VirtualTools is { } tools ? JsonElement.Parse(tools.Json) : null,
    };

    /// <summary>
    /// Builds a grant from its configuration, wherever it was written. A length is kept in <see cref="Length"/>, and
    /// the grant is refused until the start of that length is known.
    /// </summary>
    /// <param name="name">The grant's name.</param>
    /// <param name="token">The hash of its token.</param>
    /// <param name="written">The configuration.</param>
    /// <param name="problem">Receives the JSON Pointer and the text of each problem.</param>
    public static GrantDefinition Of(string name, TokenHash token, GrantSpec written, Action<string, string> problem)
    {
        ArgumentNullException.ThrowIfNull(written);
        ArgumentNullException.ThrowIfNull(problem);
        foreach (var (pointer, message) in written.Problems())
            problem(pointer, message);
        var spec = written.Normalized();
        var notes = spec with
        {
            Servers = null,
            Expires = null,
            ToolsAs = null,
            VirtualTools = null,
            // A request that removes "match" need not remove "order", too.
            Order = spec.Match is null ? null : spec.Order,
        };
        var servers = spec.PolicyByServer();
        var (expiresMs, length) = End(spec.Expires, problem);
        return new GrantDefinition(name, token, servers, expiresMs)
        {
            Length = length,
            ToolsAs = spec.ToolsAs == GrantSpec.SearchTools ? ToolsAs.Search : ToolsAs.List,
            VirtualTools = new VirtualToolsReader(name, (at, message) => problem("/virtualTools" + at, message))
                .Read(spec.VirtualTools?.GetRawText(), [.. servers.Keys]),
            Notes = notes == new GrantSpec() ? null : notes,
        };
    }

    /// <summary>Returns this configuration of a grant with the state that the grant has already.</summary>
    public GrantDefinition WithStateOf(GrantDefinition old)
    {
        ArgumentNullException.ThrowIfNull(old);
        return this with
        {
            IsPaused = old.IsPaused,
            CreatedMs = old.CreatedMs,
            Previous = old.Previous,
            OAuth = old.OAuth,
        };
    }

    private static (long? ExpiresMs, TimeSpan? Length) End(string? written, Action<string, string> problem)
    {
        if (written is null)
            return (null, null);
        if (WrittenTime.TryLength(written, out var length))
            return (0, length);
        if (WrittenTime.TryInstant(written, out var instant))
            return (instant.ToUnixTimeMilliseconds(), null);
        problem("/expires", $"\"{Spelling.Shorten(written)}\" is not a time: write {WrittenTime.Rule}");
        return (0, null);
    }
}

/// <summary>A grant's token from before its rotation.</summary>
/// <param name="Token">The token's hash.</param>
/// <param name="UntilMs">The time from which it is refused, in Unix milliseconds.</param>
public sealed record PreviousToken(TokenHash Token, long UntilMs);

/// <summary>The owner of a grant for which a client signed in. The grant's own token is known to no one.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="ClientName">The client's own name for itself; not verified.</param>
/// <param name="Operator">The operator who allowed it.</param>
/// <param name="OperatorId">The account's id.</param>
public sealed record OAuthGrant(string ClientId, string ClientName, string Operator, string OperatorId)
{
    /// <summary>
    /// True if the grant is for <c>/mcp</c>, all of its servers as one, and not for a server's own address.
    /// </summary>
    public bool IsOfAll { get; init; }
}
