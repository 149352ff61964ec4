using System.Text.Json;
using Gateway.Control.Network;
using Gateway.Control.Snapshots;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Edge.Issuers;

/// <summary>
/// Fetches the keys of issuers (RFC 7517), after their metadata if the keys' address is not configured.
/// </summary>
internal sealed class IssuerDocuments(OutboundConnector connector, SnapshotHolder snapshots) : IDisposable
{
    private const int ResponseBytesMax = 512 * 1024;
    private const int DepthMax = 16;
    private const string OpenIdPath = "/.well-known/openid-configuration";
    private const string OAuthPath = "/.well-known/oauth-authorization-server";
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client = GuardedHttp.NewClient(
        connector,
        target => GuardedHttp.RuleFor(
            snapshots.Current.Callers.Issuers.SelectMany(static one => (string?[])[one.Issuer, one.Jwks])
                .OfType<string>(),
            target),
        TimeMax, ResponseBytesMax);

    /// <summary>Returns the key set as a JSON object.</summary>
    /// <exception cref="IssuerException">It cannot be fetched; the message has the reason.</exception>
    public async Task<JsonElement> FetchKeysAsync(IssuerSettings issuer)
    {
        var keys = await FetchAsync(issuer.Jwks ?? await FindAsync(issuer.Issuer));
        return keys ?? throw new IssuerException("its keys (jwks_uri) were not found");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<string> FindAsync(string issuer)
    {
        var address = new Uri(issuer);
        // RFC 8414, 3.1 inserts its path before that of the issuer.
        var json = await FetchAsync(issuer.TrimEnd('/') + OpenIdPath)
            ?? await FetchAsync(
                address.GetLeftPart(UriPartial.Authority) + OAuthPath + address.AbsolutePath.TrimEnd('/'))
            ?? throw new IssuerException("it has no metadata; configure \"jwks\"");
        if (MetadataMember.Text(json, "issuer") is var named && named != issuer)
            throw new IssuerException($"its metadata names the issuer \"{named}\"; correct the configuration");
        var isPlain = address.Scheme == Uri.UriSchemeHttp;
        return MetadataMember.Text(json, "jwks_uri") is { } text && Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || (isPlain && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            ? text
            : throw new IssuerException("its metadata has no https address of keys (jwks_uri)");
    }

    private async Task<JsonElement?> FetchAsync(string address)
    {
        try
        {
            using var response = await _client.GetAsync(address);
            if ((int)response.StatusCode is 404 or 405)
                return null;
            if (!response.IsSuccessStatusCode)
                throw new IssuerException($"{address} returned {(int)response.StatusCode}");
            var json = JsonElement.Parse(
                await response.Content.ReadAsByteArrayAsync(), new JsonDocumentOptions { MaxDepth = DepthMax });
            return json.ValueKind == JsonValueKind.Object
                ? json : throw new IssuerException($"{address} is not a JSON object");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException
            or InvalidOperationException or IOException)
        {
            throw new IssuerException($"{address} cannot be read: {e.Message}", e);
        }
    }
}

/// <summary>The error that an issuer's keys are unavailable.</summary>
internal sealed class IssuerException(string message, Exception? inner = null) : Exception(message, inner);
