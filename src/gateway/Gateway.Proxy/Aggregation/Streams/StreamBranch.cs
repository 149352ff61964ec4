using System.Buffers;
using System.IO.Pipelines;
using Gateway.Proxy.Aggregation.Events;
using Gateway.Proxy.Aggregation.Inner;
using Gateway.Proxy.Aggregation.Sessions;
using Microsoft.AspNetCore.Http;

namespace Gateway.Proxy.Aggregation.Streams;

/// <summary>One server's part of a stream of several.</summary>
internal sealed class StreamBranch : IDisposable
{
    private const int OtherBytesMax = 64 * 1024;
    private readonly ArrayBufferWriter<byte> _other = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end;
    private readonly SharedStream _stream;
    private readonly EventsWriter _writer;

    public StreamBranch(
        AggregateRequest request, string method, string server, SharedStream stream, ServerEvents events)
    {
        (Server, _stream) = (server, stream);
        _end = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted);
        _writer = new EventsWriter(events, () => IsStream, PassAsync, _end.Cancel);
        Http = InnerHttp.Create(
            request, method, new InnerResponse(_writer, () => _writer.HasStarted), new InnerLifetime(_end));
    }

    public string Server { get; }

    public DefaultHttpContext Http { get; }

    /// <summary>True if the server responded with a stream.</summary>
    public bool IsStream => Http.Response.StatusCode == StatusCodes.Status200OK
        && RoutedBody.IsStream(Http.Response.ContentType);

    /// <summary>A task that completes once the server has begun its response, or will not.</summary>
    public Task Begun => _begun.Task;

    /// <summary>The response that the server sent instead of a stream.</summary>
    public ServerAnswer Answer => _begun.Task.IsCompleted && _writer.HasStarted
        ? new ServerAnswer(
            Server, Http.Response.StatusCode, Http.Response.ContentType ?? "", _other.WrittenMemory).Read()
        : ServerAnswer.Missing(Server, "does not open a stream now");

    /// <summary>Runs the branch to its end.</summary>
    public async Task RunAsync(Func<DefaultHttpContext, Task> run)
    {
        try
        {
            await run(Http);
            await _writer.EndAsync(_end.Token);
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The client has left or the server's stream has ended; the other branches continue.
        }
        finally
        {
            _begun.TrySetResult();
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _end.Dispose();
    }

    private ValueTask<FlushResult> PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (IsStream)
        {
            _begun.TrySetResult();
            return _stream.PassAsync(bytes, cancellationToken);
        }

        if (_other.WrittenCount + bytes.Length <= OtherBytesMax)
            _other.Write(bytes.Span);
        return default;
    }
}
