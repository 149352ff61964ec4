using System.Buffers;
using System.IO.Pipelines;
using Gateway.Mcp.Events;
using Gateway.Mcp.Writing;
using Gateway.Proxy.Upstreams.Relay;

namespace Gateway.Proxy.Aggregation.Events;

/// <summary>
/// A writer that passes on a response event by event, each converted for its client; JSON passes unchanged.
/// </summary>
/// <param name="events">The server's events.</param>
/// <param name="isEvents">Returns true if the response is an event stream; called once it has begun.</param>
/// <param name="pass">Sends bytes to the client and flushes.</param>
/// <param name="abort">Aborts an unreadable response.</param>
internal sealed class EventsWriter(
    ServerEvents events, Func<bool> isEvents,
    Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask<FlushResult>> pass, Action abort) : PipeWriter, IDisposable
{
    private readonly PooledBuffer _pending = new();
    private readonly PooledBuffer _output = new();
    private readonly SseAssembler _assembler = new(ResponseRelay.EvaluatedBytesMax);

    public bool HasStarted { get; private set; }

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
        // The web server's own writer ends with its connection.
    }

    public override void Complete(Exception? exception = null)
    {
        // The writer ends with the request.
    }

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        HasStarted = true;
        _output.Clear();
        if (isEvents())
            Assemble();
        else
            _output.Write(_pending.Written.Span);
        _pending.Clear();
        return await pass(_output.Written, cancellationToken);
    }

    /// <summary>Writes an event that ended without the blank line.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_pending.Length > 0)
            await FlushAsync(cancellationToken);
        _output.Clear();
        while (_assembler.TryTakeRest(out var segment))
            events.Write(segment, _output);
        if (_output.Length > 0)
            await pass(_output.Written, cancellationToken);
    }

    public void Dispose()
    {
        events.Dispose();
        _pending.Dispose();
        _output.Dispose();
        _assembler.Dispose();
    }

    private void Assemble()
    {
        var rest = _pending.Written;
        while (!rest.IsEmpty)
        {
            if (!_assembler.TryGetRoom(out var room))
            {
                abort();
                return;
            }

            var count = Math.Min(room.Length, rest.Length);
            rest[..count].CopyTo(room);
            rest = rest[count..];
            _assembler.Advance(count);
            while (_assembler.TryTake(out var segment))
                events.Write(segment, _output);
        }
    }
}
