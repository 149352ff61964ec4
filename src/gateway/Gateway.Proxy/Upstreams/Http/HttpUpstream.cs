using System.Net;
using System.Runtime.ExceptionServices;
using Gateway.Control.Memory;
using Gateway.Control.Network;
using Gateway.Control.Options;
using Gateway.Control.Updating;
using Gateway.Mcp;
using Gateway.Proxy.Upstreams.Connections;
using Gateway.Proxy.Upstreams.Credentials;
using Gateway.Proxy.Upstreams.Messages;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Proxy.Upstreams.Http;

/// <summary>One registered HTTP server: its connections, and the only way to send requests to it.</summary>
public sealed partial class HttpUpstream : IUpstream
{
    private const int BoundLogSeconds = 10;

    private readonly ReplicaSet _replicas;
    private readonly MessageFactory _messages;
    private readonly CredentialMetrics? _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ConnectionPlaces _places;
    private readonly MemoryBudget _memory;
    private long _nextBoundLog;

    /// <summary>Creates the upstream without opening connections; they open with the first request.</summary>
    /// <exception cref="ArgumentException">The URL is not absolute, or neither http nor https.</exception>
    public HttpUpstream(HttpUpstreamOptions options)
        : this(options, TimeProvider.System, null, null, NullLogger<HttpUpstream>.Instance)
    {
    }

    /// <summary>Creates the upstream without opening connections; they open with the first request.</summary>
    /// <exception cref="ArgumentException">The URL is not absolute, or neither http nor https.</exception>
    public HttpUpstream(
        HttpUpstreamOptions options, TimeProvider time, CredentialMetrics? metrics, ConnectionMetrics? connections,
        ILogger<HttpUpstream> logger, MemoryBudget? memory = null)
    {
        IReadOnlyList<Uri> urls = options.Replicas.IsDefaultOrEmpty ? [options.Url] : options.Replicas;
        if (urls.FirstOrDefault(static url => !url.IsAbsoluteUri || url.Scheme is not ("http" or "https")) is { } bad)
            throw new ArgumentException($"{bad} is not an absolute http or https URL.", nameof(options));
        new HttpUpstreamOptionsValidator().Validate(null, options).OrThrow();

        (Options, _metrics, _logger, _time) = (options, metrics, logger, time);
        _memory = memory ?? new MemoryBudget(new MemoryBudgetOptions());
        var serverMetrics = new ServerConnectionMetrics(options.ServerName, connections);
        _places = new ConnectionPlaces(
            options.ConnectionsMax, options.ConnectionsPerCallerMax, options.WaitersPerCallerMax, serverMetrics);
        _sessions = new SseSessions(new SseContext(options, serverMetrics, _memory, time, SendAsync));
        _messages = new MessageFactory(options, time);
        var egress = new ServerEgress(options.Connector, options.Proxy, options.Tls);
        _replicas = new ReplicaSet(
            [.. urls.Select(url => Create(url, egress))], replica => LogReplicaBack(options.ServerName, replica.Url));
    }

    /// <summary>The settings of the server.</summary>
    public HttpUpstreamOptions Options { get; }

    /// <inheritdoc/>
    public UpstreamStatus Status => new HttpStatus(
        _replicas.All.Select(static replica => replica.Tokens?.LastError).FirstOrDefault(static e => e is not null),
        _replicas.All.Count > 1 ? [.. _replicas.All.Select(static replica => replica.Status)] : [])
    {
        Sse = SseNow,
    };

    /// <summary>True for event streams, which stay open although no request reaches their sessions.</summary>
    public bool EndsWithRegistration => SpeaksSse;

    /// <inheritdoc/>
    public Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken) =>
        Options.DetachedCredentials.IsEmpty ? RouteAsync(request, cancellationToken) : throw Detached(request);

    /// <summary>Sends a request once, unchanged.</summary>
    /// <param name="request">The request.</param>
    /// <param name="only">The required replica; null for any.</param>
    /// <param name="to">The endpoint there; null for the registered one.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    private async Task<UpstreamResponse> SendAsync(
        UpstreamRequest request, Replica? only, Uri? to, CancellationToken cancellationToken)
    {
        string? session = null;
        if ((only is null ? _replicas.For(request.SessionId, out session) : [only]) is not { } replicas)
            return Gone(request);
        var own = await _messages.CallerHeadersAsync(request, cancellationToken);
        ConnectionPlace? place = null;
        UpstreamResponse? answer = null;
        try
        {
            for (var i = 0; answer is null; i++)
            {
                var replica = replicas[i];
                try
                {
                    var token = await TakeTokenAsync(replica, request, cancellationToken);
                    place ??= request.Place = await EnterAsync(request, cancellationToken);
                    var target = new MessageTarget(replica, to ?? replica.Url, session, own);
                    answer = await SendAsync(request, target, token, place, cancellationToken);
                    request.SentTo = replica.Url;
                }
                catch (UpstreamException e) when (MayMove(request, replica, e))
                {
                    if (i + 1 < replicas.Count)
                        continue;
                    if (request.SessionId is null || only is not null)
                        throw;
                    return Gone(request);
                }
            }

            return answer;
        }
        finally
        {
            if (answer is null)
                place?.Dispose();
        }
    }

    // Only after a failure before the first byte: another replica may then run the call for the first time.
    private bool MayMove(UpstreamRequest request, Replica replica, UpstreamException e)
    {
        if (_replicas.All.Count == 1 || e.WasWritten || request.WasWritten)
            return false;
        if (e.Failure is not (UpstreamFailure.Connect or UpstreamFailure.ConnectTimeout or UpstreamFailure.Tls))
            return e.Failure == UpstreamFailure.NoCredential && request.SessionId is null;
        if (replica.Lost(e.Message))
            LogReplicaLost(Options.ServerName, replica.Url, e.Message);
        return true;
    }

    private static UpstreamResponse Gone(UpstreamRequest request) => MessageAnswers.Error(
        HttpStatusCode.NotFound, request.Message is { } message ? message.Id.Span : default,
        McpErrorCodes.InvalidRequest,
        "The replica of the server that had the session cannot be reached. Start a new session with initialize.");

    private async ValueTask<ConnectionPlace> EnterAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        if (await _places.EnterAsync(request.Caller, Options.PlaceWait, _time, cancellationToken) is { } place)
            return place;
        var now = _time.GetTimestamp();
        var next = Interlocked.Read(ref _nextBoundLog);
        if (now >= next && Interlocked.CompareExchange(
            ref _nextBoundLog, now + BoundLogSeconds * _time.TimestampFrequency, next) == next)
        {
            LogAtBound(Options.ServerName, request.Caller, Options.ConnectionsPerCallerMax, Options.ConnectionsMax);
        }

        throw new UpstreamException(
            UpstreamFailure.AtBound, false,
            $"no connection to it became free within {Options.PlaceWait.TotalSeconds:0.###} s. This grant may hold "
                + $"{Options.ConnectionsPerCallerMax} of them, all grants together {Options.ConnectionsMax}.",
            null);
    }

    private async Task<UpstreamResponse> SendAsync(
        UpstreamRequest request, MessageTarget target, AccessToken? token, ConnectionPlace place,
        CancellationToken cancellationToken)
    {
        var replica = target.Replica;
        if (replica.Invoker.Get(out var problem) is not { } invoker)
        {
            throw new UpstreamException(
                UpstreamFailure.Tls, request.WasWritten, $"its certificate files cannot be used: {problem}.", null);
        }

        using var message = _messages.Create(request, target, token, out var content);
        try
        {
            var response = await invoker.SendAsync(message, cancellationToken);
            var answer = new UpstreamResponse(response, response.Content.ReadAsStream(cancellationToken), place);
            if (answer.SessionId is { Length: > 0 } id)
                answer.SessionId = _replicas.ToGateway(replica, id, request.SessionId, target.Session);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                await SetRefusedAsync(answer, request, replica, token);
            else if (response.StatusCode == HttpStatusCode.Forbidden && token is not null)
                SetLackedScope(answer);
            // The call was written, so it does not move to another replica; sessions stay at their replica.
            if (_replicas.All.Count > 1 && Replica.FaultOf(answer) is { } fault)
            {
                if (replica.Lost(fault, isReached: true))
                    LogReplicaLost(Options.ServerName, replica.Url, fault);
            }
            else if (replica.Reached())
            {
                LogReplicaBack(Options.ServerName, replica.Url);
            }

            return answer;
        }
        catch (Exception) when (content?.StoppedBy is { } stop)
        {
            ExceptionDispatchInfo.Throw(stop);
            throw;
        }
        catch (HttpRequestException error)
        {
            throw Failed(FailureOf(error), request, replica.Url, error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(UpstreamFailure.ConnectTimeout, request, replica.Url, error);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException)
        {
            throw Failed(UpstreamFailure.Broken, request, replica.Url, error);
        }
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _sessions.DisposeAsync();
        foreach (var replica in _replicas.All)
            replica.Dispose();
    }

    private Replica Create(Uri url, ServerEgress egress)
    {
        var invoker = new EgressInvoker(
            Options.Tls, presents: true, () => CreateHandler(Options), _time,
            why => LogFilesUnusable(Options.ServerName, why));
        var tokens = Options.OAuth is { } client ? new EndpointTokens(url, client, _time, egress, Note) : null;
        return new Replica(url, invoker, tokens, ProbeAsync, _time);

        async Task ProbeAsync(CancellationToken end)
        {
            using var limit = new LinkedTimeout(Options.ConnectTimeout, _time, end);
            await using var connection = await Options.Connector.OpenAsync(
                url, AddressRule.Registered, Options.Proxy, limit.Token);
        }
    }

    // The defaults would follow a redirect with the body and the server's credential, keep cookies across grants, pass
    // names to a proxy unchecked, and add their own trace headers. The drain settings are zero so that an abandoned
    // response closes its connection at once, which notifies the server of a cancellation.
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
        ConnectCallback = async (context, cancellation) => Watched(await options.Connector.OpenAsync(
            context.InitialRequestMessage.RequestUri!, AddressRule.Registered, options.Proxy, cancellation)),
    };

    private UpstreamException Failed(UpstreamFailure failure, UpstreamRequest request, Uri url, Exception inner)
    {
        var address = url.GetLeftPart(UriPartial.Authority);
        var what = failure switch
        {
            UpstreamFailure.Connect when inner.InnerException is AddressRefusedException or ProxyException =>
                $"no connection to {address}: {inner.InnerException.Message}.",
            UpstreamFailure.Connect => $"no connection to {address}.",
            UpstreamFailure.ConnectTimeout =>
                $"no connection to {address} within {Options.ConnectTimeout.TotalSeconds:0.###} s.",
            UpstreamFailure.Tls =>
                $"no TLS connection to {address}: "
                    + $"{TlsCause.Of(inner) ?? "its certificate or protocol was not accepted"}.",
            UpstreamFailure.InvalidAnswer => $"{address} sent a response that is not valid HTTP, or exceeds a maximum.",
            UpstreamFailure.Broken => $"{address} closed the connection before it responded.",
            _ => throw new NotSupportedException($"UpstreamFailure {failure} has no case here."),
        };
        return new UpstreamException(failure, request.WasWritten, what, inner);
    }

    private static bool HasTlsAlert(Exception error)
    {
        for (var inner = error; inner is not null; inner = inner.InnerException)
        {
            if (inner.Message.Contains("alert", StringComparison.OrdinalIgnoreCase) && TlsCause.Of(inner) is not null)
                return true;
        }

        return false;
    }

    private static UpstreamFailure FailureOf(HttpRequestException error) => error.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError => UpstreamFailure.Connect,
        HttpRequestError.SecureConnectionError => UpstreamFailure.Tls,
        // A server with TLS 1.3 rejects the client's certificate only after the handshake.
        _ when HasTlsAlert(error) => UpstreamFailure.Tls,
        HttpRequestError.InvalidResponse => UpstreamFailure.InvalidAnswer,
        HttpRequestError.ConfigurationLimitExceeded => UpstreamFailure.InvalidAnswer,
        _ => UpstreamFailure.Broken,
    };


    [LoggerMessage(3, LogLevel.Warning,
        "{Server}: the grant {Grant} found no free connection in time (at most {PerGrant} per grant, {InAll} in all)")]
    private partial void LogAtBound(string server, string grant, int perGrant, int inAll);

    [LoggerMessage(4, LogLevel.Warning, "{Server}: the replica {Url} is not used until it can be reached again: {Why}")]
    private partial void LogReplicaLost(string server, Uri url, string why);

    [LoggerMessage(5, LogLevel.Information, "{Server}: the replica {Url} can be reached again")]
    private partial void LogReplicaBack(string server, Uri url);

    [LoggerMessage(6, LogLevel.Warning,
        "{Server}: its certificate files changed and cannot be used, so the previous files stay in use: {Why}")]
    private partial void LogFilesUnusable(string server, string why);
}
