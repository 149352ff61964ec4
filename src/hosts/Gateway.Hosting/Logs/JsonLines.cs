using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Hosting.Logs;

/// <summary>
/// Converts every other line that a process writes into one JSON object in the form of its log, because a log collector
/// that parses JSON rejects other lines. A line of the log passes unchanged.
/// </summary>
internal sealed class JsonLines(TextWriter inner, LogLevel level, TimeProvider time) : TextWriter
{
    /// <summary>The category of these lines.</summary>
    public const string Category = "Console";

    /// <summary>The first characters of each entry of the log's formatter.</summary>
    private const string Entry = "{\"Timestamp\":";

    private const string Warning = "warning: ";

    // A reader searches for a quote or an address as it was written.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _line = new();

    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value)
    {
        if (value == '\n')
            EndLine();
        else
            _line.Append(value);
    }

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        for (var end = buffer.IndexOf('\n'); end >= 0; end = buffer.IndexOf('\n'))
        {
            _line.Append(buffer[..end]);
            EndLine();
            buffer = buffer[(end + 1)..];
        }

        _line.Append(buffer);
    }

    public override void Flush() => inner.Flush();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _line.Length > 0)
            EndLine();
        base.Dispose(disposing);
    }

    private void EndLine()
    {
        var line = _line.ToString().TrimEnd('\r');
        _line.Clear();
        if (line.Length > 0)
            inner.WriteLine(line.StartsWith(Entry, StringComparison.Ordinal) ? line : ToJson(line));
    }

    private string ToJson(string line)
    {
        var isWarning = line.StartsWith(Warning, StringComparison.Ordinal);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("Timestamp", GatewayLogging.Time(time.GetUtcNow()));
            json.WriteNumber("EventId", 0);
            json.WriteString("LogLevel", (isWarning ? LogLevel.Warning : level).ToString());
            json.WriteString("Category", Category);
            json.WriteString("Message", isWarning ? line[Warning.Length..] : line);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
