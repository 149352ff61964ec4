using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Gateway.Control.Contracts;
using Gateway.Control.Documents;
using Gateway.Control.Secrets;
using Gateway.Control.Snapshots;
using Gateway.Limits.Model;
using Gateway.Proxy.Edge.Listeners;
using Gateway.Proxy.Edge.ProtectedResource;
using Gateway.Proxy.Upstreams.Credentials;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Gateway.Proxy.Assertions;

/// <summary>
/// Signs the tokens about callers for servers (JWT, ES256), and publishes the keys. Each key is derived from one stored
/// key and a period of 30 days, so all frontends have the same keys without another document, and a new key is
/// published for a whole period before it signs.
/// </summary>
public sealed class CallerAssertions(
    DocumentCache documents, IControlStore store, SecretProtector secrets, SnapshotHolder snapshots,
    ProcessClock clock) : ICallerAssertions, IDisposable
{
    private const long PeriodMs = 30L * 24 * 60 * 60 * 1000;
    private const int ScalarBytes = 48;
    private const string Algorithm = "ES256";

    // The order of the group of P-256 (FIPS 186-5).
    private static readonly BigInteger Order = BigInteger.Parse(
        "0FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551",
        System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };
    private readonly SealedKey _key = new(documents, store, secrets, "caller-tokens");
    private readonly Lock _gate = new();
    private volatile SigningKey? _signing;
    private volatile Published? _published;

    /// <inheritdoc/>
    public async ValueTask<string> SignAsync(
        CallerTokenSpec token, Uri server, GrantModel grant, string callId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(token);
        ArgumentNullException.ThrowIfNull(grant);
        if (snapshots.Current.Callers.Origin is not { } origin)
        {
            throw new OAuthException("a token about the caller needs the gateway's address as its issuer; the "
                + "gateway's operator must set \"publicUrl\"");
        }

        var nowMs = clock.NowMs();
        var period = nowMs / PeriodMs;
        var key = _signing is { } known && known.Period == period ? known : await LoadAsync(period, cancellationToken);
        var claims = Claims(token, server, grant, callId, origin, nowMs / 1000);
        return Handler.CreateToken(Encoding.UTF8.GetString(claims), key.Credentials);
    }

    /// <summary>
    /// Returns the public keys (RFC 7517): of the period before, this one and the next; null if no server gets tokens.
    /// </summary>
    /// <exception cref="ControlStoreException">The store cannot be reached.</exception>
    public async ValueTask<byte[]?> PublicKeysAsync(CancellationToken cancellationToken)
    {
        if (!snapshots.Current.Servers.Values.Any(static server => server.CallerToken is not null))
            return null;
        var key = await _key.GetAsync(cancellationToken);
        var period = clock.NowMs() / PeriodMs;
        // Anybody may request them.
        if (_published is { } known && known.Period == period && known.Key.AsSpan().SequenceEqual(key))
            return known.Json;
        var written = ResourceMetadata.Write(json =>
        {
            json.WriteStartArray("keys");
            for (var each = period - 1; each <= period + 1; each++)
            {
                using var pair = Derive(key, each);
                var point = pair.ExportParameters(includePrivateParameters: false).Q;
                json.WriteStartObject();
                json.WriteString("kty", "EC");
                json.WriteString("crv", "P-256");
                json.WriteString("use", "sig");
                json.WriteString("alg", Algorithm);
                json.WriteString("kid", KidOf(pair));
                json.WriteString("x", Base64UrlEncoder.Encode(point.X));
                json.WriteString("y", Base64UrlEncoder.Encode(point.Y));
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        _published = new Published(period, key, written);
        return written;
    }

    /// <inheritdoc/>
    public void Dispose() => _signing?.Pair.Dispose();

    private async ValueTask<SigningKey> LoadAsync(long period, CancellationToken cancellationToken)
    {
        try
        {
            var pair = Derive(await _key.GetAsync(cancellationToken), period);
            // The previous pair is not disposed, because a concurrent request may be signing with it.
            lock (_gate)
                return _signing = new SigningKey(period, pair);
        }
        catch (ControlStoreException e)
        {
            throw new OAuthException($"the key of tokens about callers cannot be read: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static byte[] Claims(
        CallerTokenSpec token, Uri server, GrantModel grant, string callId, Uri origin, long now) =>
        ResourceMetadata.Write(json =>
        {
            var caller = grant.Identity?.Caller;
            json.WriteString("iss", origin.GetLeftPart(UriPartial.Authority));
            json.WriteString("aud", token.Audience ?? server.ToString());
            json.WriteString("sub", caller?.Subject ?? $"grant:{grant.Name}");
            json.WriteNumber("iat", now);
            json.WriteNumber("exp", now + (token.Seconds ?? CallerTokenSpec.SecondsDefault));
            json.WriteString("jti", callId);
            json.WriteString("grant", grant.Name);
            if (caller is null)
                return;
            json.WriteString("caller_iss", grant.Identity!.Issuer.Issuer);
            if (caller.Client is { } client)
                json.WriteString("client_id", client);
            if (caller.Actor is { } actor)
            {
                json.WriteStartObject("act");
                json.WriteString("sub", actor);
                json.WriteEndObject();
            }
        });

    // 128 bits more than the order, so that the remainder is as good as uniform (FIPS 186-5, A.2.1).
    private static ECDsa Derive(byte[] key, long period)
    {
        var bytes = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, key, ScalarBytes, info: Encoding.UTF8.GetBytes($"caller-token {period}"));
        var scalar = new BigInteger(bytes, isUnsigned: true, isBigEndian: true) % (Order - 1) + 1;
        var d = new byte[32];
        var written = scalar.ToByteArray(isUnsigned: true, isBigEndian: true);
        written.CopyTo(d, d.Length - written.Length);
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = d });
    }

    private static string KidOf(ECDsa pair) =>
        Base64UrlEncoder.Encode(SHA256.HashData(pair.ExportSubjectPublicKeyInfo()).AsSpan(0, 12).ToArray());

    private sealed record Published(long Period, byte[] Key, byte[] Json);

    private sealed class SigningKey(long period, ECDsa pair)
    {
        public long Period => period;

        public ECDsa Pair => pair;

        public SigningCredentials Credentials { get; } =
            new(new ECDsaSecurityKey(pair) { KeyId = KidOf(pair) }, Algorithm);
    }
}

/// <summary>Serves the keys of tokens about callers.</summary>
public static class CallerAssertionKeys
{
    private const string Path = "/.well-known/jwks.json";

    /// <summary>Serves <c>/.well-known/jwks.json</c> if a server gets tokens about callers.</summary>
    public static void UseCallerAssertionKeys(this WebApplication app)
    {
        var assertions = app.Services.GetRequiredService<CallerAssertions>();
        var snapshots = app.Services.GetRequiredService<SnapshotHolder>();
        app.Use(next => http =>
            http.Request.Path == Path && HttpMethods.IsGet(http.Request.Method)
            && snapshots.Current.AllowsHost(http.Request.Host, http.Connection.LocalIpAddress)
                ? AnswerAsync(http, assertions, next)
                : next(http));
    }

    private static async Task AnswerAsync(HttpContext http, CallerAssertions assertions, RequestDelegate next)
    {
        byte[]? keys;
        try
        {
            keys = await assertions.PublicKeysAsync(http.RequestAborted);
        }
        catch (ControlStoreException e)
        {
            await PlainResponse.TextAsync(http, StatusCodes.Status503ServiceUnavailable, $"Try again: {e.Message}");
            return;
        }

        if (keys is null)
        {
            await next(http);
            return;
        }

        http.Response.Headers.CacheControl = "public, max-age=3600";
        await PlainResponse.JsonAsync(http, StatusCodes.Status200OK, keys);
    }
}
