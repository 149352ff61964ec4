using System.Net;
using System.Net.Security;
using System.Text.Json;
using Gateway.Control.Network;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Fetches documents from untrusted addresses: over https, from a public address that is resolved once, without
/// proxies, redirects or cookies, within a few kilobytes and seconds.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="connector">Opens connections.</param>
/// <param name="rule">The addresses that may be connected to.</param>
/// <param name="tls">The trusted certificates; null for the system's.</param>
internal sealed class DocumentFetcher(
    OAuthServerOptions options, OutboundConnector connector, AddressRule rule = AddressRule.Public,
    SslClientAuthenticationOptions? tls = null) : IDisposable
{
    private const int BytesMax = 5 * 1024;
    private const int AtOnceMax = 8;
    private static readonly TimeSpan KeptMin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeptMax = TimeSpan.FromHours(24);
    private readonly SemaphoreSlim _turns = new(AtOnceMax);
    private readonly HttpClient _client = Client(options, connector, rule, tls);

    /// <summary>
    /// Returns true if a document may be at this address (draft-ietf-oauth-client-id-metadata-document-00, 3).
    /// </summary>
    public static bool IsAddress(string text) =>
        text.StartsWith("https://", StringComparison.Ordinal) && !text.AsSpan().ContainsAny("#\\@")
        && !text.AsSpan().ContainsAnyExceptInRange('!', '~')
        && Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.AbsolutePath.Length > 1
        // A parser corrects dot segments and much else; an address that it changes is rejected.
        && uri.AbsoluteUri == text;

    /// <summary>Returns a JSON object and how long it may be cached; null if it is unavailable.</summary>
    public async Task<(JsonElement Json, TimeSpan Kept)?> FetchAsync(
        string address, CancellationToken cancellationToken)
    {
        if (!IsAddress(address))
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(options.DocumentTimeMax);
        try
        {
            await _turns.WaitAsync(patience.Token);
            try
            {
                return await ReadAsync(address, patience.Token);
            }
            finally
            {
                _turns.Release();
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException
            or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _client.Dispose();
        _turns.Dispose();
    }

    private async Task<(JsonElement, TimeSpan)?> ReadAsync(string address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new("application/json"));
        using var answer = await _client.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        var type = answer.Content.Headers.ContentType?.MediaType ?? "";
        if (answer.StatusCode != HttpStatusCode.OK || (type != "application/json" && !type.EndsWith("+json")))
            return null;
        var bytes = new byte[BytesMax + 1];
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        if (length == bytes.Length)
            return null;
        var json = JsonElement.Parse(bytes.AsSpan(0, length), new JsonDocumentOptions { MaxDepth = 16 });
        var kept = answer.Headers.CacheControl?.MaxAge ?? KeptMin;
        return json.ValueKind != JsonValueKind.Object ? null
            : (json, kept < KeptMin ? KeptMin : kept > KeptMax ? KeptMax : kept);
    }

    private static HttpClient Client(
        OAuthServerOptions options, OutboundConnector connector, AddressRule rule,
        SslClientAuthenticationOptions? tls) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 16,
            // A new connection for each document: a connection opened for another host name is never reused.
            PooledConnectionLifetime = TimeSpan.Zero,
            SslOptions = tls ?? new(),
            ConnectCallback = async (context, cancellation) => await connector.OpenAsync(
                context.InitialRequestMessage.RequestUri!, rule, null, cancellation),
        })
        {
            Timeout = options.DocumentTimeMax,
        };
}
