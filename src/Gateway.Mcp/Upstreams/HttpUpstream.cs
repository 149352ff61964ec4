using System.Net;
using System.Runtime.ExceptionServices;

namespace Gateway.Mcp;

/// <summary>One registered HTTP server: its connections, and the one way to send something to it.</summary>
public sealed class HttpUpstream : IUpstream
{
    private readonly HttpMessageInvoker _invoker;

    /// <summary>Opens nothing yet; connections are made when there is something to send.</summary>
    /// <exception cref="ArgumentException">The URL is not absolute, or neither http nor https.</exception>
    public HttpUpstream(HttpUpstreamOptions options)
    {
        if (!options.Url.IsAbsoluteUri || options.Url.Scheme is not ("http" or "https"))
            throw new ArgumentException($"{options.Url} is not an absolute http or https URL.", nameof(options));

        Options = options;
        _invoker = new HttpMessageInvoker(CreateHandler(options));
    }

    /// <summary>Where the server is.</summary>
    public HttpUpstreamOptions Options { get; }

    /// <inheritdoc/>
    public async Task<UpstreamAnswer> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        using var message = CreateMessage(request, out var content);
        try
        {
            var response = await _invoker.SendAsync(message, cancellationToken);
            return new UpstreamAnswer(response, response.Content.ReadAsStream(cancellationToken));
        }
        catch (Exception) when (content?.StoppedBy is { } stop)
        {
            ExceptionDispatchInfo.Throw(stop);
            throw;
        }
        catch (HttpRequestException error)
        {
            throw Failed(FailureOf(error), request, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(UpstreamFailure.ConnectTimeout, request, error);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            throw Failed(UpstreamFailure.Broken, request, error);
        }
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync()
    {
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    // The defaults would follow a redirect with the body and the server's credential, keep cookies between grants, ask
    // a proxy of the environment, and add trace headers of their own. Zero drains: an answer that is let go closes its
    // connection at once, which is how a server learns of a cancel.
    private static SocketsHttpHandler CreateHandler(HttpUpstreamOptions options) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = options.ConnectTimeout,
        PooledConnectionLifetime = options.ConnectionLifetime,
        MaxConnectionsPerServer = options.ConnectionsMax,
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,
    };

    private HttpRequestMessage CreateMessage(UpstreamRequest request, out JudgedContent? content)
    {
        var message = new HttpRequestMessage(request.Method, Options.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        content = null;
        if (request.Method == HttpMethod.Post)
        {
            content = new JudgedContent(request);
            content.Headers.TryAddWithoutValidation("Content-Type", MediaTypes.Json);
            message.Content = content;
        }

        RequestHeaderMap.Copy(request.ClientHeaders, message);
        if (request.SessionId is { } session)
            message.Headers.TryAddWithoutValidation(McpHeaders.SessionId, session);
        if ((request.TraceParent ?? request.ClientHeaders.TraceParent.ToString()) is { Length: > 0 } parent)
            message.Headers.TryAddWithoutValidation("traceparent", parent);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        message.Headers.TryAddWithoutValidation(McpHeaders.Call, request.CallId);
        foreach (var (name, value) in Options.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private UpstreamException Failed(UpstreamFailure failure, UpstreamRequest request, Exception inner)
    {
        var address = Options.Url.GetLeftPart(UriPartial.Authority);
        var what = failure switch
        {
            UpstreamFailure.Connect => $"no connection to {address}",
            UpstreamFailure.ConnectTimeout =>
                $"no connection to {address} within {Options.ConnectTimeout.TotalSeconds:0.###} s",
            UpstreamFailure.Tls => $"no TLS with {address}: its certificate or protocol was not accepted",
            UpstreamFailure.InvalidAnswer => $"{address} gave an answer that is not HTTP within the bounds",
            _ => $"{address} closed the connection before it answered",
        };
        return new UpstreamException(failure, request.WasWritten, what, inner);
    }

    private static UpstreamFailure FailureOf(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError => UpstreamFailure.Connect,
        HttpRequestError.SecureConnectionError => UpstreamFailure.Tls,
        HttpRequestError.InvalidResponse => UpstreamFailure.InvalidAnswer,
        HttpRequestError.ConfigurationLimitExceeded => UpstreamFailure.InvalidAnswer,
        _ => UpstreamFailure.Broken,
    };
}
