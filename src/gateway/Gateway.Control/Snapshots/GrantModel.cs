using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Control.Virtual;
using Gateway.Policy.Rules;

namespace Gateway.Control.Snapshots;

/// <summary>A grant at run time: the servers that one of its tokens reaches, and the policy for each.</summary>
public sealed record GrantModel(
    string Name,
    TokenHash Token,
    long? ExpiresMs,
    bool IsPaused,
    FrozenDictionary<string, GrantBinding> Bindings,
    GrantState State)
{
    /// <summary>True if the token is the one from before a rotation.</summary>
    public bool IsPrevious { get; init; }

    /// <summary>The form in which its tools are listed.</summary>
    public ToolsAs ToolsAs { get; init; }

    /// <summary>The tools that stand for others of its servers; null for none.</summary>
    public VirtualTools? VirtualTools { get; init; }

    /// <summary>True if a client signed in for it, and calls with access tokens.</summary>
    public bool IsOAuth { get; init; }

    /// <summary>True if its access tokens are for all of its servers as one, and for no server's own address.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>The rules for proofs that callers hold the keys of their tokens.</summary>
    public ProofRules Proofs { get; init; }

    /// <summary>
    /// The thumbprint (RFC 7638) of the key to which the caller's token is bound; null for a token without a key.
    /// </summary>
    public string? ProofKey { get; init; }

    /// <summary>The access token with which the caller came; null for a grant's own token.</summary>
    public TokenHash? Access { get; init; }

    /// <summary>
    /// The caller that a token of an issuer has identified; null for a grant's own token and for an access token.
    /// </summary>
    public CallerIdentity? Identity { get; private init; }

    /// <summary>
    /// The key of everything that belongs to this caller alone: sessions, approvals, stored and cached state. Limits,
    /// metrics and usage belong to the grant.
    /// </summary>
    public string CallerKey { get; private init; } = Name;

    /// <summary>
    /// The bindings by share of the sessions, smallest share first; empty if all sessions have the same.
    /// </summary>
    public ImmutableArray<GrantSide> Sides { get; init; } = [];

    /// <summary>The session that has determined the bindings; null if the caller has.</summary>
    public string? Session { get; private init; }

    /// <summary>
    /// The hash of the grant's token, and the caller if a token of an issuer identified it: what stored approvals and
    /// call digests belong to. A grant that was created again, or that has another token, starts again.
    /// </summary>
    public string CallerToken => Identity is null ? Token.ToString() : Token + CallerKey[Name.Length..];

    /// <summary>Returns true if a <see cref="CallerKey"/> is that of a caller, not of a whole grant.</summary>
    public static bool IsIdentified(string callerKey)
    {
        ArgumentNullException.ThrowIfNull(callerKey);
        return callerKey.Contains('/');
    }

    /// <summary>Returns the hash of the grant's token in a <see cref="CallerToken"/>.</summary>
    public static string TokenIn(string callerToken)
    {
        ArgumentNullException.ThrowIfNull(callerToken);
        return callerToken.Split('/')[0];
    }

    /// <summary>Returns the grant for a caller.</summary>
    public GrantModel For(CallerIdentity identity)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var key = identity.KeyIn(Name);
        return this with
        {
            Identity = identity,
            CallerKey = key,
            ProofKey = identity.ProofKey,
            Bindings = GrantSide.Of(Sides, key) ?? Bindings,
        };
    }

    /// <summary>
    /// Returns the grant for a session, which has the same policies until the share of a candidate changes. Without a
    /// session, the caller determines them.
    /// </summary>
    public GrantModel InSession(string? session) => session is null || Sides.IsEmpty ? this
        : this with { Session = session, Bindings = GrantSide.Of(Sides, session) ?? Bindings };

    /// <summary>Returns true if the grant has expired at a time in Unix milliseconds.</summary>
    public bool IsExpired(long nowMs) =>
        nowMs >= ExpiresMs || State.HasEnded || (IsPrevious && State.HasPreviousEnded);
}

/// <summary>A candidate that is evaluated beside a grant's policy, and decides nothing.</summary>
/// <param name="Policy">The candidate, bound to the grant and the server, with counters of its own.</param>
/// <param name="Sha256">The document's hash, for the record.</param>
public sealed record CandidateBinding(PolicyBinding Policy, string Sha256);

/// <summary>A grant's binding to one server: the policy bound to both, and the identity of its document.</summary>
/// <param name="Policy">The policy that decides every call; denies all if the grant has none.</param>
/// <param name="PolicyName">The policy's name; null if the grant has none.</param>
/// <param name="PolicySha256">The document's hash, for the record; null if the grant has none.</param>
/// <param name="Access">The open requests and streams of the binding.</param>
public sealed record GrantBinding(
    PolicyBinding Policy, string? PolicyName, string? PolicySha256, AccessState Access)
{
    /// <summary>The candidate that is evaluated beside the policy; null for none.</summary>
    public CandidateBinding? Candidate { get; init; }

    /// <summary>Canceled once the grant may not use the server any more.</summary>
    public CancellationToken Ended => Access.Ended;
}
