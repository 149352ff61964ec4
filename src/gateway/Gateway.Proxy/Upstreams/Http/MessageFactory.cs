using System.Net;
using Gateway.Control.Contracts;
using Gateway.Mcp.Headers;
using Gateway.Policy.Rules;
using Gateway.Proxy.Upstreams.Credentials;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>The factory of the HTTP requests to one server, with the headers that the operator set.</summary>
internal sealed class MessageFactory(HttpUpstreamOptions options, TimeProvider time)
{
    private readonly IReadOnlyList<KeyValuePair<string, CallerTemplate>> _callerHeaders =
    [
        .. options.CallerHeaders.Select(static header => KeyValuePair.Create(
            header.Key, CallerTemplate.Parse(header.Value, out var why) ?? throw new ArgumentException(why))),
    ];

    /// <summary>Creates a request.</summary>
    /// <param name="request">What is sent.</param>
    /// <param name="target">Where it is sent.</param>
    /// <param name="token">The access token; null for none.</param>
    /// <param name="content">The body; null for none.</param>
    public HttpRequestMessage Create(
        UpstreamRequest request, in MessageTarget target, AccessToken? token, out SingleSendContent? content)
    {
        var message = new HttpRequestMessage(request.Method, target.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        content = null;
        if (request.Method == HttpMethod.Post)
        {
            content = new SingleSendContent(request);
            content.Headers.TryAddWithoutValidation("Content-Type", MediaTypes.Json);
            message.Content = content;
        }

        RequestHeaderMap.Copy(request.ClientHeaders, message);
        if (target.Session is not null)
            message.Headers.TryAddWithoutValidation(McpHeaders.SessionId, target.Session);
        if ((request.TraceParent ?? request.ClientHeaders.TraceParent.ToString()) is { Length: > 0 } parent)
            message.Headers.TryAddWithoutValidation("traceparent", parent);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        message.Headers.TryAddWithoutValidation(McpHeaders.Call, request.CallId);
        foreach (var (name, value) in options.Headers)
            Replace(message, name, value);
        foreach (var (name, value) in target.CallerHeaders ?? [])
            Replace(message, name, value);
        if (token is not null)
            message.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token.Value}");
        if (options.Aws is { } account)
            AwsSignature.Sign(message, content is null ? [] : request.Body.Span, account, time.GetUtcNow());
        return message;
    }

    /// <summary>Returns the headers about the request's caller; null for requests of the gateway.</summary>
    /// <exception cref="UpstreamException">The caller lacks a value, or no token can be signed.</exception>
    public async ValueTask<List<KeyValuePair<string, string>>?> CallerHeadersAsync(
        UpstreamRequest request, CancellationToken cancellationToken)
    {
        if ((_callerHeaders.Count == 0 && options.CallerToken is null) || request.Grant is not { } grant)
            return null;
        var headers = new List<KeyValuePair<string, string>>(_callerHeaders.Count + 1);
        foreach (var (name, template) in _callerHeaders)
        {
            if (template.Format(grant.Name, grant.Identity?.Caller, out var problem) is not { } value)
            {
                throw new UpstreamException(
                    UpstreamFailure.NoCredential, request.WasWritten,
                    $"its header {name} cannot be written: {problem}. The gateway's operator must change the server's "
                        + "\"callerHeaders\", or the caller needs a token with that value.",
                    null);
            }

            headers.Add(new(name, value));
        }

        if (options is { CallerToken: { } settings, CallerAssertions: { } assertions })
        {
            try
            {
                var token = await assertions.SignAsync(
                    settings, options.Url, grant, request.CallId, cancellationToken);
                var header = settings.Header ?? CallerTokenSpec.HeaderDefault;
                headers.Add(new(header, header.Equals("Authorization", StringComparison.OrdinalIgnoreCase)
                    ? $"Bearer {token}" : token));
            }
            catch (OAuthException e)
            {
                throw new UpstreamException(UpstreamFailure.NoCredential, request.WasWritten, $"{e.Message}.", e);
            }
        }

        return headers;
    }

    private static void Replace(HttpRequestMessage message, string name, string value)
    {
        message.Headers.Remove(name);
        message.Headers.TryAddWithoutValidation(name, value);
    }
}

/// <summary>The place to which a request is sent.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="Url">The endpoint there.</param>
/// <param name="Session">The server's own session id; null outside of a session.</param>
/// <param name="CallerHeaders">The headers with values of the caller; null for none.</param>
internal readonly record struct MessageTarget(
    Replica Replica, Uri Url, string? Session, List<KeyValuePair<string, string>>? CallerHeaders);
