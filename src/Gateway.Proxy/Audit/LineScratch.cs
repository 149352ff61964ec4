using System.Buffers;
using System.Text.Json;

namespace Gateway.Proxy.Audit;

/// <summary>
/// A buffer and a JSON writer that each thread keeps for the lines it writes: two records a call made 4 KB of garbage.
/// </summary>
internal sealed class LineScratch
{
    // A line with a thousand argument keys must not be remembered by every thread.
    private const int KeptBytesMax = 64 * 1024;

    [ThreadStatic]
    private static LineScratch? _own;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private LineScratch() => Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Writes the line; good until the next line of this thread begins.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>This thread's, empty; whatever an earlier line left there is gone.</summary>
    public static LineScratch Take()
    {
        var own = _own ??= new LineScratch();
        own._buffer.ResetWrittenCount();
        own.Json.Reset();
        return own;
    }

    /// <summary>What was written, and the end of the line.</summary>
    public byte[] ToLine()
    {
        Json.Flush();
        _buffer.Write("\n"u8);
        if (_buffer.Capacity > KeptBytesMax)
            _own = null;
        return _buffer.WrittenSpan.ToArray();
    }
}
