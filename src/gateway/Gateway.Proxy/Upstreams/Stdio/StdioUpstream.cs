using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Gateway.Control.Memory;
using Gateway.Control.Options;
using Gateway.Mcp;
using Gateway.Mcp.Protocol;
using Gateway.Proxy.Upstreams.Messages;
using Gateway.Proxy.Upstreams.Stdio.Processes;
using Microsoft.Extensions.Logging;

namespace Gateway.Proxy.Upstreams.Stdio;

/// <summary>
/// One registered program: a child for each legacy session, and one for each grant's stateless requests, started on
/// demand and ended when idle.
/// </summary>
public sealed class StdioUpstream : IUpstream
{
    private const int SessionIdBytes = 16;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<string, StdioProcess> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StdioProcess> _shared = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _sharing = new(1);
    private readonly StdioProcesses _children;
    private readonly StdioUpstreamOptions _options;
    private readonly ITimer _timer;

    /// <summary>Creates the upstream without starting anything.</summary>
    public StdioUpstream(
        StdioUpstreamOptions options, ProcessManager keeper, StdioMetrics metrics, TimeProvider time,
        MemoryBudget memory, ILogger<StdioUpstream> logger)
    {
        new StdioUpstreamOptionsValidator().Validate(null, options).OrThrow();
        _options = options;
        _children = new StdioProcesses(new StdioContext(options, metrics, time, memory, logger), keeper);
        _timer = time.CreateTimer(static upstream => ((StdioUpstream)upstream!).StopIdle(), this, Look, Look);
    }

    /// <inheritdoc/>
    public UpstreamStatus Status => _children.Status;

    /// <inheritdoc/>
    public bool EndsWithRegistration => true;

    /// <inheritdoc/>
    public Task<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        if (request.Method == HttpMethod.Get)
            return Task.FromResult(OpenStream(request));
        if (request.Method == HttpMethod.Delete)
            return EndSessionAsync(request);
        var message = request.Message
            ?? throw new ArgumentException("A program accepts messages, not raw bodies.", nameof(request));
        if (request.Revision == McpRevision.Stateless)
            return PostToSharedAsync(request, message, cancellationToken);
        if (request.SessionId is { } id)
            return PostToSessionAsync(request, message, id, cancellationToken);
        return message.Method == McpMethods.Initialize
            ? InitializeAsync(request, message, cancellationToken)
            : Task.FromResult(MessageAnswers.Error(HttpStatusCode.BadRequest, message.Id.Span,
                McpErrorCodes.InvalidRequest, "A session is needed. Start a session with initialize."));
    }

    /// <summary>Ends every child.</summary>
    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _children.StopAllAsync();
        _sharing.Dispose();
    }

    private async Task<UpstreamResponse> InitializeAsync(
        UpstreamRequest request, McpMessage message, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SessionIdBytes));
        var child = await _children.StartAsync(request, id, cancellationToken);
        _sessions[id] = child;
        _ = ForgetAsync(_sessions, id, child);
        try
        {
            var answer = await child.PostAsync(request, message, cancellationToken);
            return child.IsEnding ? answer : answer.WithSession(id);
        }
        catch
        {
            // The client has not received the session's id.
            _ = child.StopAsync(ChildEnd.Stopped, "its session did not begin.");
            throw;
        }
    }

    private Task<UpstreamResponse> PostToSessionAsync(
        UpstreamRequest request, McpMessage message, string id, CancellationToken cancellationToken) =>
        Find(id) is { } child
            ? child.PostAsync(request, message, cancellationToken)
            : Task.FromResult(Gone(message.Id.Span));

    private async Task<UpstreamResponse> PostToSharedAsync(
        UpstreamRequest request, McpMessage message, CancellationToken cancellationToken)
    {
        if (!_shared.TryGetValue(request.Caller, out var child) || child.IsEnding)
        {
            await _sharing.WaitAsync(cancellationToken);
            try
            {
                if (!_shared.TryGetValue(request.Caller, out child) || child.IsEnding)
                {
                    child = await _children.StartAsync(request, null, cancellationToken);
                    _shared[request.Caller] = child;
                    _ = ForgetAsync(_shared, request.Caller, child);
                }
            }
            finally
            {
                _sharing.Release();
            }
        }

        return await child.PostAsync(request, message, cancellationToken);
    }

    private UpstreamResponse OpenStream(UpstreamRequest request)
    {
        if (request.SessionId is not { } id)
            return MessageAnswers.Empty(HttpStatusCode.MethodNotAllowed);
        if (Find(id) is not { } child)
            return Gone(default);
        return child.OpenStream();
    }

    private async Task<UpstreamResponse> EndSessionAsync(UpstreamRequest request)
    {
        if (request.SessionId is not { } id)
            return MessageAnswers.Empty(HttpStatusCode.MethodNotAllowed);
        if (Find(id) is not { } child)
            return Gone(default);
        _sessions.TryRemove(id, out _);
        await child.StopAsync(ChildEnd.Stopped, "its session was ended.");
        return MessageAnswers.Empty(HttpStatusCode.OK);
    }

    private StdioProcess? Find(string id) =>
        _sessions.TryGetValue(id, out var child) && !child.IsEnding ? child : null;

    private static UpstreamResponse Gone(ReadOnlySpan<byte> id) => MessageAnswers.Error(
        HttpStatusCode.NotFound, id, McpErrorCodes.InvalidRequest,
        "The session has ended, and its program with it. Start a new session with initialize.");

    private static async Task ForgetAsync(
        ConcurrentDictionary<string, StdioProcess> children, string key, StdioProcess child)
    {
        await ((Task)child.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        children.TryRemove(new KeyValuePair<string, StdioProcess>(key, child));
    }

    private void StopIdle() => _children.StopIdle(_options);
}
