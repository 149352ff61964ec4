using System.Buffers.Binary;
using System.Buffers.Text;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Policy.Decisions;

namespace Gateway.Control.Snapshots;

/// <summary>
/// A caller that a token has identified, of an issuer or of the gateway for a client, until that token expires.
/// </summary>
public sealed class CallerIdentity
{
    private volatile Found? _last;
    private readonly string _digest;
    private string? _digestPauseName;

    /// <param name="issuer">The settings with which the token was verified.</param>
    /// <param name="caller">The caller.</param>
    public CallerIdentity(IssuerSettings issuer, Caller caller)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        ArgumentNullException.ThrowIfNull(caller);
        (Issuer, Caller) = (issuer, caller);
        _digest = Digest(issuer.Issuer, caller.Subject);
        PauseName = Pauses.OfSubjectName(issuer.Issuer, caller.Subject);
    }

    /// <summary>The settings with which the token was verified.</summary>
    public IssuerSettings Issuer { get; }

    /// <summary>The caller.</summary>
    public Caller Caller { get; }

    /// <summary>The caller in the form in which stored documents contain it.</summary>
    public CallerSubject Subject => new(Issuer.Issuer, Issuer.Subject, Caller.Subject);

    /// <summary>The name of the pause that stops the caller.</summary>
    internal string PauseName { get; }

    /// <summary>Returns the digest of a subject of an issuer in records; null while there is no key.</summary>
    public Func<string, string, string?>? DigestOf { private get; init; }

    /// <summary>The name of a pause that names the caller by its digest in records; null while there is none.</summary>
    internal string? DigestPauseName => _digestPauseName
        ??= DigestOf?.Invoke(Issuer.Issuer, Caller.Subject) is { } digest
            ? Pauses.OfSubjectName(Issuer.Issuer, digest) : null;

    /// <summary>The <c>aud</c> of the token.</summary>
    public required ImmutableArray<string> Audiences { get; init; }

    /// <summary>
    /// The thumbprint of the key that signed the token (RFC 7638), or for a client certificate its kind of name and the
    /// digests of the authorities in its chain; null for a token of the gateway.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>
    /// The server that a token of the gateway is for, or the placeholder for all of them; null for a token of an
    /// issuer.
    /// </summary>
    public string? Resource { get; init; }

    /// <summary>
    /// The credentials of the client that obtained the token from the gateway; null if the configuration file does not
    /// register it.
    /// </summary>
    public string? ClientCredentials { get; init; }

    /// <summary>The thumbprint of the key to which the token is bound; null for a token without a key.</summary>
    public string? ProofKey { get; init; }

    /// <summary>
    /// The digest of the client certificate to which the token is bound (RFC 8705, 3.1); null for none.
    /// </summary>
    public string? Certificate { get; init; }

    /// <summary>The time from which the token is refused, in Unix milliseconds.</summary>
    public required long UntilMs { get; init; }

    /// <summary>
    /// Returns the key of the caller among all callers of a grant. A grant's name contains no slash, so it equals no
    /// name of a grant.
    /// </summary>
    public string KeyIn(string grant) => $"{grant}/{_digest}";

    /// <summary>
    /// Returns the first grant whose conditions hold, with this caller; null if there is none. There is no second: a
    /// grant that lacks a server denies it.
    /// </summary>
    public GrantModel? GrantIn(GatewaySnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (_last is { } last && ReferenceEquals(last.Snapshot, snapshot))
            return last.Grant;
        GrantModel? grant = null;
        if (!snapshot.Matches.IsEmpty)
        {
            var claims = JsonElement.Parse(Caller.Claims.Span);
            foreach (var (match, token) in snapshot.Matches)
            {
                if (!match.Holds(Caller.Issuer, claims))
                    continue;
                grant = snapshot.Grants.TryGetValue(token, out var found) ? found.For(this) : null;
                break;
            }
        }

        _last = new Found(snapshot, grant);
        return grant;
    }

    /// <summary>Releases the grant that was found in another configuration than this one.</summary>
    public void ForgetAllBut(GatewaySnapshot snapshot)
    {
        if (_last is { } last && !ReferenceEquals(last.Snapshot, snapshot))
            _last = null;
    }

    internal static string Digest(string issuer, string subject)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in (string[])[issuer, subject])
        {
            var utf8 = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, utf8.Length);
            hash.AppendData(length);
            hash.AppendData(utf8);
        }

        return Base64Url.EncodeToString(hash.GetHashAndReset());
    }

    private sealed record Found(GatewaySnapshot Snapshot, GrantModel? Grant);
}

/// <summary>A person or a program at an issuer, in the form in which stored documents contain it.</summary>
/// <param name="Issuer">The <c>iss</c> of its tokens.</param>
/// <param name="Claims">The claims that identify subjects of the issuer.</param>
/// <param name="Subject">Their values, as <see cref="IssuerSettings.SubjectOf"/> joins them.</param>
public sealed record CallerSubject(string Issuer, IReadOnlyList<string> Claims, string Subject)
{
    /// <summary>
    /// Returns false for the same subject and true for another one of the same issuer. Returns null if the two cannot
    /// be compared: they are of different issuers, or other claims identify them.
    /// </summary>
    public bool? DiffersFrom(CallerSubject other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Issuer == other.Issuer && Claims.SequenceEqual(other.Claims, StringComparer.Ordinal)
            ? Subject != other.Subject
            : null;
    }
}
