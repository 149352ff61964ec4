using System.Buffers;
using System.Text.Json;

namespace Gateway.Mcp.Writing;

/// <summary>
/// A buffer and a JSON writer that each thread keeps for the short texts it writes: without it two records and a
/// denial made 6 KB of garbage a call.
/// </summary>
public sealed class JsonScratch
{
    // A line with a thousand argument keys must not be remembered by every thread.
    private const int KeptBytesMax = 64 * 1024;

    [ThreadStatic]
    private static JsonScratch? _own;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private JsonScratch() => Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Writes the text; good until this thread takes its scratch again.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>This thread's, empty; whatever an earlier text left there is gone.</summary>
    public static JsonScratch Take()
    {
        var own = _own ??= new JsonScratch();
        own._buffer.ResetWrittenCount();
        own.Json.Reset();
        return own;
    }

    /// <summary>
    /// What was written, and these bytes after it; good until this thread takes its scratch again, so for whoever
    /// copies it before anything else is written.
    /// </summary>
    public ReadOnlySpan<byte> Written(ReadOnlySpan<byte> end = default)
    {
        Json.Flush();
        _buffer.Write(end);
        if (_buffer.Capacity > KeptBytesMax)
            _own = null;
        return _buffer.WrittenSpan;
    }

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => Written().ToArray();
}
