using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Control.Network;
using Gateway.Control.Updating;
using Gateway.Mcp.Headers;
using Gateway.Mcp.Protocol;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Connections;

namespace Gateway.Proxy.Upstreams.Credentials;

/// <summary>
/// The HTTP requests for obtaining a token: bounded, over TLS, never redirected. A server named their targets, so they
/// do not reach private networks unless the operator named the issuer or the server is on this machine.
/// </summary>
internal sealed class OAuthHttp : IDisposable
{
    private const int BytesMax = 256 * 1024;
    private const int DepthMax = 32;
    private static readonly byte[] Ping = Encoding.UTF8.GetBytes(
        $$"""{"jsonrpc":"2.0","id":1,"method":"{{McpMethods.Ping}}"}""");

    private static readonly TimeSpan Within = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private readonly EgressInvoker _toServer;
    private readonly EgressInvoker _toOthers;
    private readonly Uri _server;
    private readonly bool _isTrusted;
    private readonly ServerEgress _egress;
    private readonly TimeProvider _time;

    public OAuthHttp(Uri server, bool isPinned, ServerEgress egress, TimeProvider time)
    {
        (_server, _isTrusted, _egress, _time) = (server, isPinned || server.IsLoopback, egress, time);
        // The client certificate is only for the server, which may have named the other targets.
        _toServer = new EgressInvoker(egress.Tls, presents: true, CreateHandler, time);
        _toOthers = new EgressInvoker(egress.Tls, presents: false, CreateHandler, time);
    }

    /// <exception cref="OAuthException">The address must not be used.</exception>
    public void Check(Uri url)
    {
        if (url.UserInfo.Length > 0 || url.Fragment.Length > 0)
            throw new OAuthException($"{Shown(url)} has user information or a fragment");
        if (url.Scheme != "https" && !(url is { Scheme: "http", IsLoopback: true } && _isTrusted))
            throw new OAuthException($"{Shown(url)} is not https");
    }

    /// <summary>Requests a document; if there is no readable one, returns a description of the response.</summary>
    /// <exception cref="OAuthException">The address must not be used, or did not respond.</exception>
    public async Task<(JsonElement? Json, string Instead)> GetAsync(Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        var (status, body) = await SendAsync(request, cancellationToken);
        if (status != HttpStatusCode.OK)
            return (null, $"HTTP {(int)status}");
        return TryParse(body) is { } json ? (json, "") : (null, "no JSON");
    }

    /// <summary>Posts a form.</summary>
    /// <exception cref="OAuthException">The address must not be used, or did not respond.</exception>
    public Task<(HttpStatusCode Status, JsonElement? Json)> PostAsync(
        Uri url, Dictionary<string, string> form, AuthenticationHeaderValue? credential,
        CancellationToken cancellationToken) =>
        PostAsync(url, new FormUrlEncodedContent(form), credential, cancellationToken);

    /// <summary>Posts a body.</summary>
    /// <exception cref="OAuthException">The address must not be used, or did not respond.</exception>
    public async Task<(HttpStatusCode Status, JsonElement? Json)> PostAsync(
        Uri url, HttpContent body, AuthenticationHeaderValue? credential, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = body };
        request.Headers.Authorization = credential;
        var (status, received) = await SendAsync(request, cancellationToken);
        return (status, TryParse(received));
    }

    /// <summary>Returns the challenge for a request without a credential, or null if there is none.</summary>
    /// <exception cref="OAuthException">The server did not respond.</exception>
    public async Task<BearerChallenge?> ProbeAsync(CancellationToken cancellationToken)
    {
        using var stream = new HttpRequestMessage(HttpMethod.Get, _server);
        stream.Headers.TryAddWithoutValidation("Accept", MediaTypes.EventStream);
        if (await ChallengeAsync(stream, cancellationToken) is { } challenge)
            return challenge;
        // A server without streams does not check the token of a GET.
        using var message = new HttpRequestMessage(HttpMethod.Post, _server)
        {
            Content = new ByteArrayContent(Ping)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(MediaTypes.Json) },
            },
        };
        message.Headers.TryAddWithoutValidation("Accept", $"{MediaTypes.Json}, {MediaTypes.EventStream}");
        return await ChallengeAsync(message, cancellationToken);
    }

    public void Dispose()
    {
        _toServer.Dispose();
        _toOthers.Dispose();
    }

    private async Task<BearerChallenge?> ChallengeAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(request, cancellationToken);
        return response.StatusCode == HttpStatusCode.Unauthorized
            && response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values)
                ? BearerChallenge.Read(values.ToString())
                : null;
    }

    private SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = ConnectWithin,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        ConnectCallback = ConnectAsync,
    };

    private async Task<(HttpStatusCode Status, byte[] Body)> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation("Accept", MediaTypes.Json);
        using var response = await OpenAsync(request, cancellationToken);
        using var limit = new LinkedTimeout(Within, _time, cancellationToken);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            var buffer = new byte[BytesMax + 1];
            var count = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, limit.Token);
            return count <= BytesMax
                ? (response.StatusCode, buffer[..count])
                : throw new OAuthException($"{Shown(request.RequestUri!)} sent more than {BytesMax} bytes");
        }
        catch (Exception e) when (e is HttpRequestException or IOException || IsLate(e, cancellationToken))
        {
            throw new OAuthException($"{Shown(request.RequestUri!)} sent no complete response", e);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Check(request.RequestUri!);
        using var limit = new LinkedTimeout(Within, _time, cancellationToken);
        try
        {
            var egress = Origin.AreSame(request.RequestUri!, _server) ? _toServer : _toOthers;
            return await (egress.Get(out var problem)?.SendAsync(request, limit.Token)
                ?? throw new OAuthException($"its certificate files cannot be used: {problem}"));
        }
        catch (Exception e) when (e is HttpRequestException { InnerException: OAuthException })
        {
            throw new OAuthException(e.InnerException!.Message, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || IsLate(e, cancellationToken))
        {
            throw new OAuthException($"{Shown(request.RequestUri!)} did not respond", e);
        }
    }

    private static bool IsLate(Exception e, CancellationToken cancellationToken) =>
        e is OperationCanceledException && !cancellationToken.IsCancellationRequested;

    private async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var target = context.DnsEndPoint;
        var isServer = string.Equals(target.Host, _server.IdnHost, StringComparison.OrdinalIgnoreCase)
            && target.Port == _server.Port;
        var rule = _isTrusted || isServer ? AddressRule.Registered : AddressRule.Public;
        try
        {
            return await _egress.Connector.OpenAsync(
                context.InitialRequestMessage.RequestUri!, rule, _egress.Proxy, cancellationToken);
        }
        catch (AddressRefusedException e)
        {
            throw new OAuthException(
                rule == AddressRule.Registered ? Printable.Of(e.Message)
                    : $"{Printable.Of(target.Host)} is a private address that only the server names; if that is "
                        + "correct, set \"issuer\"",
                e);
        }
        catch (ProxyException e)
        {
            throw new OAuthException(e.Message, e);
        }
    }

    private static JsonElement? TryParse(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(
                body, new JsonDocumentOptions { MaxDepth = DepthMax, AllowDuplicateProperties = false });
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // A query may contain secrets; the reader of the message only needs the location.
    private static string Shown(Uri url) => Printable.Of(url.GetLeftPart(UriPartial.Path));
}

/// <summary>
/// The error that no access token could be obtained. The message is for operators and agents alike, and contains no
/// secret.
/// </summary>
internal sealed class OAuthException(string message, Exception? inner = null) : Exception(message, inner);
