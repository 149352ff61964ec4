using System.Buffers;
using System.IO.Pipelines;

namespace Gateway.Proxy.Waiting;

/// <summary>
/// The body of an answer that comes into a stream of events which had begun before it. Events pass as they are; JSON is
/// one event, streamed as it comes; anything else is gathered for <see cref="WaitingResponse"/> to make an error of.
/// </summary>
internal sealed class WaitingWriter(PipeWriter stream, Func<WaitingForm> form) : PipeWriter
{
    /// <summary>What is kept of an answer that is no event and no JSON; enough for an error's text.</summary>
    private const int GatheredBytesMax = 64 * 1024;

    private readonly ArrayBufferWriter<byte> _pending = new();
    private readonly ArrayBufferWriter<byte> _gathered = new();
    private bool _isEventOpen;

    /// <summary>True once a part of the answer has passed or was taken.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The start of an answer that could not pass.</summary>
    public ReadOnlyMemory<byte> Gathered => _gathered.WrittenMemory;

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override void CancelPendingFlush() => stream.CancelPendingFlush();

    public override void Complete(Exception? exception = null)
    {
        // The stream outlives the answer.
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

    /// <summary>Passes on what was written without a flush, and ends the event.</summary>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        if (_pending.WrittenCount > 0)
            await FlushAsync(cancellationToken);
        if (_isEventOpen)
            stream.Write("\n\n"u8);
        await stream.FlushAsync(cancellationToken);
    }

    // Between its tokens JSON may break lines, and within a string it cannot: a space there means the same.
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
