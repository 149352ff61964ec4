using System.Text.Json;
using Gateway.Audit.Arguments;
using Gateway.Audit.Files;
using Gateway.Audit.Records;

namespace Gateway.Audit.Erasing;

/// <summary>The places of values that erasure records name, and the overwriting of these values.</summary>
internal sealed class ErasedPlaces
{
    private readonly Dictionary<int, Dictionary<long, int>> _files = [];

    /// <summary>Ids of the calls and requests whose records were overwritten, to erase their arguments.</summary>
    public HashSet<UInt128> Calls { get; } = [];

    /// <summary>True if there are no places.</summary>
    public bool IsEmpty => _files.Count == 0;

    /// <summary>Adds the places of an erasure record.</summary>
    public void Add(int values, IEnumerable<(int File, long Offset)> places)
    {
        foreach (var (file, offset) in places)
        {
            var offsets = _files.TryGetValue(file, out var known) ? known : _files[file] = [];
            offsets[offset] = offsets.GetValueOrDefault(offset) | values;
        }
    }

    /// <summary>Overwrites the values in the closed files of a log. Repeating it changes nothing more.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public void Erase(AuditArchive archive) => archive.Rewrite(_files.Keys, Copy);

    private void Copy(int file, Stream from, Stream to)
    {
        var offsets = _files[file];
        using var lines = new RecordLineReader(from);
        for (var at = 0L; lines.Read() is { } line; at = lines.Consumed)
        {
            if (offsets.TryGetValue(at, out var set))
                Overwrite(line, set);
            to.Write(line);
            to.WriteByte((byte)'\n');
        }

        // A crash may have left a partial line.
        to.Write(lines.Rest);
        from.CopyTo(to);
    }

    private void Overwrite(byte[] line, int set)
    {
        if (!ErasableValues.TryRead(line.ToArray(), out var values))
            return;
        for (var i = 0; i < values.Count; i++)
        {
            if ((values.NameAt(i) & set) != 0)
                values.Blank(i, line);
        }

        // The recorded arguments belong to the caller, not to the party that acts for it.
        if (set == ErasableValues.All && CallOf(line) is { } call)
            Calls.Add(call);
    }

    // Arguments are kept under the id of the call, and those of a decided request under the id of the request.
    private static UInt128? CallOf(byte[] line)
    {
        var member = line.AsSpan().StartsWith("{\"kind\":\"decision\""u8) ? "callId"u8
            : line.AsSpan().StartsWith("{\"kind\":\"approval\""u8) ? "approvalId"u8
            : default;
        return !member.IsEmpty && JsonElement.Parse(line).TryGetProperty(member, out var id)
            && ArgumentFrame.TryParseId(id.GetString(), out var call) ? call : null;
    }
}
