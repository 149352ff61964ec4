using System.Buffers;
using System.Text.Json;

namespace Gateway.Mcp.Writing;

/// <summary>
/// A per-thread buffer and JSON writer for short texts. Without it, two records and a denial produced 6 KB of garbage
/// per call.
/// </summary>
public sealed class JsonScratch
{
    // A record with a thousand argument keys must not stay in the memory of every thread.
    private const int KeptBytesMax = 64 * 1024;

    [ThreadStatic]
    private static JsonScratch? _own;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    private JsonScratch() => Json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });

    /// <summary>The writer; valid until this thread takes its scratch again.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>Returns this thread's scratch, emptied of any earlier text.</summary>
    public static JsonScratch Take()
    {
        var own = _own ??= new JsonScratch();
        own._buffer.ResetWrittenCount();
        own.Json.Reset();
        return own;
    }

    /// <summary>
    /// Returns the written bytes, followed by these bytes. Valid until this thread takes its scratch again, so the
    /// caller must copy them before writing anything else.
    /// </summary>
    public ReadOnlySpan<byte> Written(ReadOnlySpan<byte> end = default)
    {
        Json.Flush();
        _buffer.Write(end);
        if (_buffer.Capacity > KeptBytesMax)
            _own = null;
        return _buffer.WrittenSpan;
    }

    /// <summary>Returns a copy of the written bytes.</summary>
    public byte[] ToArray() => Written().ToArray();
}
