using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Gateway.Control.Definitions;
using Gateway.Control.Health;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// The keys with which issuers sign tokens. A key that a fetch no longer returns is gone at once. Without a successful
/// fetch, keys are used up to the issuer's <see cref="IssuerSettings.KeysMaxAge"/>.
/// </summary>
internal sealed partial class IssuerKeys(
    IssuerDocuments documents, IssuerHealth health, TimeProvider time, ILogger<IssuerKeys> logger)
{
    /// <summary>The age at which keys in use are fetched again.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(5);

    /// <summary>The minimum time between two fetches because of tokens with an unknown key.</summary>
    public static readonly TimeSpan UnknownAfter = TimeSpan.FromMinutes(1);

    private const int KeysMax = 64;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<(string Issuer, string? Jwks), Known> _known = new();

    // Every call with a token looks its keys up; this finds them without hashing two addresses.
    private readonly ConditionalWeakTable<IssuerSettings, Known> _knownOf = [];

    /// <summary>Returns the keys that may verify a token.</summary>
    /// <param name="issuer">The issuer.</param>
    /// <param name="kid">The key that the token names; null if it names none.</param>
    /// <param name="algorithm">The algorithm of the token.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="isUnknown">True if no known key verifies the token, so that its key may be a new one.</param>
    /// <exception cref="IssuerException">There are no keys that may be used now.</exception>
    public async ValueTask<IReadOnlyList<IssuerKey>> FindAsync(
        IssuerSettings issuer, string? kid, string algorithm, CancellationToken cancellationToken,
        bool isUnknown = false)
    {
        var known = Of(issuer);
        if (Begin(issuer, known, kid, isUnknown) is { } fetching)
            await fetching.WaitAsync(cancellationToken);
        var keys = known.Keys;
        if (keys is null || IsTooOld(issuer, keys))
            throw new IssuerException(known.Problem ?? "its keys are not known");
        return [.. keys.All.Where(key => key.Fits(kid, algorithm))];
    }

    /// <summary>
    /// Returns true if a key that has verified a token is still trusted. Keys in use are fetched again in the
    /// background.
    /// </summary>
    public bool IsTrusted(IssuerSettings issuer, string thumbprint)
    {
        var known = Of(issuer);
        if (known.Keys is { } keys && time.GetElapsedTime(keys.At) is var age && age < issuer.KeysMaxAge)
        {
            if (age >= RefreshAfter)
                _ = Begin(issuer, known, kid: null);
            return keys.Has(thumbprint);
        }

        _ = Begin(issuer, known, kid: null);
        return false;
    }

    private Known Of(IssuerSettings issuer) =>
        _knownOf.TryGetValue(issuer, out var known) ? known : _knownOf.GetValue(issuer, OfAddress);

    private Known OfAddress(IssuerSettings issuer)
    {
        if (_known.TryGetValue((issuer.Issuer, issuer.Jwks), out var known))
            return known;
        // Issuers that are no longer configured must not accumulate.
        if (_known.Count >= 2 * IssuerSettings.Max)
            _known.Clear();
        return _known.GetOrAdd((issuer.Issuer, issuer.Jwks), static _ => new Known());
    }

    private bool IsTooOld(IssuerSettings issuer, KeySet keys) => time.GetElapsedTime(keys.At) >= issuer.KeysMaxAge;

    /// <summary>Starts a fetch if one is due; returns the fetch that a token with this key has to wait for.</summary>
    private Task? Begin(IssuerSettings issuer, Known known, string? kid, bool isUnknown = false)
    {
        lock (known)
        {
            var keys = known.Keys is { } present && !IsTooOld(issuer, present) ? present : null;
            isUnknown = keys is not null && (isUnknown || (kid is not null && !keys.HasId(kid)));
            if (known.Fetching is null && IsDue(known, keys, isUnknown))
            {
                known.TriedAt = time.GetTimestamp();
                if (isUnknown)
                    known.UnknownAt = known.TriedAt;
                // The fetch takes the lock, and may end before it is stored here.
                known.Fetching = Task.Run(() => FetchAsync(issuer, known));
            }

            return keys is null || isUnknown ? known.Fetching : null;
        }
    }

    private bool IsDue(Known known, KeySet? keys, bool isUnknown) =>
        isUnknown ? known.UnknownAt is not { } unknown || time.GetElapsedTime(unknown) >= UnknownAfter
        : known.TriedAt is not { } tried || time.GetElapsedTime(tried) >= (keys is null ? RetryAfter : RefreshAfter);

    private async Task FetchAsync(IssuerSettings issuer, Known known)
    {
        KeySet? fetched = null;
        string? problem = null;
        var at = time.GetTimestamp();
        try
        {
            fetched = new KeySet(at, Read(await documents.FetchKeysAsync(issuer)));
        }
        catch (IssuerException e)
        {
            problem = e.Message;
        }

        lock (known)
        {
            var hasKeys = known.Keys is { } kept && !IsTooOld(issuer, kept);
            if (problem is null)
                health.Fetched(issuer.Name);
            else
                health.Failed(issuer.Name, problem, hasKeys);
            if (problem is not null && problem != known.Problem)
                LogUnavailable(issuer.Name, hasKeys ? "its known keys stay in use" : "its tokens are refused", problem);
            (known.Problem, known.Keys, known.Fetching) = (problem, fetched ?? known.Keys, null);
        }
    }

    private static IssuerKey[] Read(JsonElement set)
    {
        if (!set.TryGetProperty("keys", out var all) || all.ValueKind != JsonValueKind.Array)
            throw new IssuerException("its key set (jwks_uri) has no \"keys\"");
        var keys = new List<IssuerKey>();
        foreach (var json in all.EnumerateArray().Take(KeysMax).Where(IsUsable))
        {
            try
            {
                keys.Add(new IssuerKey(new JsonWebKey(json.GetRawText())));
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                // A key that cannot be read verifies nothing.
            }
        }

        return [.. keys.DistinctBy(static key => key.Thumbprint)];
    }

    /// <summary>A public key for signatures. A symmetric key in a public document is known to everybody.</summary>
    internal static bool IsUsable(JsonElement key) => key.ValueKind == JsonValueKind.Object
        && MetadataMember.Text(key, "use") is null or "sig"
        && (!key.TryGetProperty("key_ops", out var operations) || (operations.ValueKind == JsonValueKind.Array
            && operations.EnumerateArray().Any(static one => one.ValueEquals("verify"))))
        && MetadataMember.Text(key, "kty") switch
        {
            "RSA" => Bits(MetadataMember.Text(key, "n")) is >= KeyBounds.RsaBitsMin and <= KeyBounds.RsaBitsMax
                && Bits(MetadataMember.Text(key, "e")) <= KeyBounds.RsaExponentBitsMax,
            "EC" => MetadataMember.Text(key, "crv") is "P-256" or "P-384" or "P-521",
            _ => false,
        };

    private static long Bits(string? number) => number is not null && Base64Url.IsValid(number)
        ? new BigInteger(Base64Url.DecodeFromChars(number), isUnsigned: true, isBigEndian: true).GetBitLength()
        : 0;

    [LoggerMessage(1, LogLevel.Warning,
        "The keys of the issuer {Issuer} could not be fetched; {Effect} for now: {Why}")]
    private partial void LogUnavailable(string issuer, string effect, string why);

    private sealed class Known
    {
        public volatile KeySet? Keys;

        public string? Problem { get; set; }

        public Task? Fetching { get; set; }

        public long? TriedAt { get; set; }

        public long? UnknownAt { get; set; }
    }

    /// <summary>The keys of one fetch.</summary>
    private sealed record KeySet(long At, IssuerKey[] All)
    {
        public bool Has(string thumbprint)
        {
            foreach (var key in All)
            {
                if (key.Thumbprint == thumbprint)
                    return true;
            }

            return false;
        }

        public bool HasId(string kid) => All.Any(key => key.Key.Kid is null or "" || key.Key.Kid == kid);
    }
}

/// <summary>A key of an issuer.</summary>
internal sealed record IssuerKey(JsonWebKey Key)
{
    /// <summary>The thumbprint (RFC 7638).</summary>
    public string Thumbprint { get; } = Base64Url.EncodeToString(Key.ComputeJwkThumbprint());

    /// <summary>Returns true if the key may verify a token.</summary>
    // The library does not bind a curve to an algorithm.
    public bool Fits(string? kid, string algorithm) =>
        (kid is null || Key.Kid is null or "" || Key.Kid == kid)
        && (Key.Alg is null or "" || Key.Alg == algorithm)
        && (algorithm switch
        {
            SecurityAlgorithms.EcdsaSha256 => Key.Crv == "P-256",
            SecurityAlgorithms.EcdsaSha384 => Key.Crv == "P-384",
            SecurityAlgorithms.EcdsaSha512 => Key.Crv == "P-521",
            _ => Key.Kty == JsonWebAlgorithmsKeyTypes.RSA && IssuerToken.Algorithms.Contains(algorithm),
        });
}
