using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The body of a response that enters an event stream that has already begun. Events pass unchanged and JSON is
/// streamed as one event. Anything else is buffered so that <see cref="WaitingResponse"/> can turn it into an error.
/// </summary>
internal sealed class WaitingWriter(PipeWriter stream, Func<WaitingForm> form) : PipeWriter
{
    /// <summary>
    /// The bytes kept of a response that is neither events nor JSON; enough for the text of an error.
    /// </summary>
    private const int GatheredBytesMax = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _pending = new();
    private readonly ArrayBufferWriter<byte> _gathered = new();
    private bool _isEventOpen;

    /// <summary>True once a part of the response was passed on or buffered.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The first bytes of a response that could not be passed on.</summary>
    public ReadOnlyMemory<byte> Gathered => _gathered.WrittenMemory;

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override void CancelPendingFlush() => stream.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        // The stream outlives the response.
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        HasStarted = true;
        switch (form())
        {
            case WaitingForm.Events:
                stream.Write(_pending.WrittenSpan);
                break;
            case WaitingForm.Json:
                WriteJson(_pending.WrittenSpan);
                break;
            case WaitingForm.Other:
                var room = Math.Min(_pending.WrittenCount, GatheredBytesMax - _gathered.WrittenCount);
                _gathered.Write(_pending.WrittenSpan[..room]);
                break;
            case var other:
                throw new NotSupportedException($"WaitingForm {other} has no case here.");
        }

        _pending.ResetWrittenCount();
        return stream.FlushAsync(cancellationToken);
    }

    /// <summary>Passes on bytes that were written without a flush, and ends the event.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_pending.WrittenCount > 0)
            await FlushAsync(cancellationToken);
        if (_isEventOpen)
            stream.Write("\n\n"u8);
        await stream.FlushAsync(cancellationToken);
    }

    // Line breaks can occur between JSON tokens but not inside a string, so replacing them with spaces keeps the value.
    private void WriteJson(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
            return;
        if (!_isEventOpen)
            stream.Write("event: message\ndata: "u8);
        _isEventOpen = true;
        var line = stream.GetSpan(json.Length)[..json.Length];
        json.CopyTo(line);
        line.Replace((byte)'\n', (byte)' ');
        line.Replace((byte)'\r', (byte)' ');
        stream.Advance(json.Length);
    }
}

/// <summary>The form in which a late response enters the stream that was begun for its call.</summary>
internal enum WaitingForm
{
    /// <summary>The response is an event stream itself.</summary>
    Events,

    /// <summary>The response is one JSON-RPC message.</summary>
    Json,

    /// <summary>The response has no body that a client could read in a stream.</summary>
    Other,
}
