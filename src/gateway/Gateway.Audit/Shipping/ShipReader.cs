using System.Text.Json;
using Gateway.Audit.Files;

namespace Gateway.Audit.Shipping;

/// <summary>Reads whole records from a place on, across rotation and compression, as they are written.</summary>
internal sealed class ShipReader(string directory, string writer, ShipCursor from) : IDisposable
{
    private const int BatchBytesMax = 256 * 1024;
    private Stream? _stream;
    private RecordLineReader? _lines;
    private long _began;

    /// <summary>The place after the last record that was read.</summary>
    public ShipCursor At { get; private set; } = from;

    /// <summary>Reads some records; the list is empty if there are none yet.</summary>
    /// <exception cref="IOException">A file cannot be read at the moment.</exception>
    public List<ShippedRecord> Read()
    {
        var batch = new List<ShippedRecord>();
        while (batch.Count == 0)
        {
            // Look for the next file first: a file that has a successor no longer grows.
            var next = AuditArchive.InOrder(directory).FirstOrDefault(file => file.Number > At.Number);
            if (_lines is null && !TryOpen())
                return batch;
            for (var bytes = 0L; bytes < BatchBytesMax && _lines!.Read() is { } line; bytes += line.Length)
            {
                var begin = At;
                At = At with { Offset = _began + _lines.Consumed };
                // The end of a file that a crash cut off is not a record.
                if (IsRecord(line))
                    batch.Add(new ShippedRecord(writer, begin, line));
            }

            if (batch.Count > 0 || next.Path is null)
                break;
            Close();
            At = new ShipCursor(next.Number, 0);
        }

        return batch;
    }

    public void Dispose() => Close();

    private bool TryOpen()
    {
        var file = AuditArchive.InOrder(directory).FirstOrDefault(file => file.Number >= At.Number);
        if (file.Path is null)
            return false;
        if (file.Number > At.Number)
            At = new ShipCursor(file.Number, 0);
        _stream = file.Open(At.Offset);
        _lines = new RecordLineReader(_stream);
        _began = At.Offset;
        return true;
    }

    private void Close()
    {
        _lines?.Dispose();
        _stream?.Dispose();
        (_lines, _stream) = (null, null);
    }

    private static bool IsRecord(byte[] line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
