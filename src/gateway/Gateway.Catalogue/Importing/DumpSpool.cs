using System.Buffers.Binary;

namespace Gateway.Catalogue.Importing;

/// <summary>
/// The definitions of all files, on disk: the tools of a server may be in several files, and an index is written server
/// by server. Only their places are in memory.
/// </summary>
internal sealed class DumpSpool : IDisposable
{
    private readonly FileStream _file;
    private readonly Dictionary<string, DumpServer> _servers = new(StringComparer.Ordinal);
    private readonly byte[] _length = new byte[sizeof(int)];

    public DumpSpool(string path) => _file = new FileStream(
        path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);

    public int Servers => _servers.Count;

    /// <summary>Returns the server of this name, or null if there is no room for another.</summary>
    public DumpServer? Server(string name, int serversMax)
    {
        if (_servers.TryGetValue(name, out var server))
            return server;
        return _servers.Count < serversMax ? _servers[name] = new DumpServer(name) : null;
    }

    public void Add(DumpServer server, ReadOnlySpan<byte> definition)
    {
        if (server.Runs.Count == 0 || server.Runs[^1].End != _file.Position)
            server.Runs.Add((_file.Position, _file.Position));
        BinaryPrimitives.WriteInt32LittleEndian(_length, definition.Length);
        _file.Write(_length);
        _file.Write(definition);
        server.Runs[^1] = (server.Runs[^1].Start, _file.Position);
        server.Tools++;
    }

    /// <summary>Returns all servers in the order of their names, with the definitions of their tools.</summary>
    public IEnumerable<(DumpServer Server, IReadOnlyList<byte[]> Definitions)> ReadAll()
    {
        foreach (var server in _servers.Values.OrderBy(static one => one.Name, StringComparer.Ordinal))
        {
            var definitions = new List<byte[]>(server.Tools);
            foreach (var (start, end) in server.Runs)
            {
                for (_file.Position = start; _file.Position < end;)
                {
                    _file.ReadExactly(_length);
                    var definition = new byte[BinaryPrimitives.ReadInt32LittleEndian(_length)];
                    _file.ReadExactly(definition);
                    definitions.Add(definition);
                }
            }

            yield return (server, definitions);
        }
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>A server as described by the files read so far.</summary>
internal sealed class DumpServer(string name)
{
    public string Name => name;

    /// <summary>The first description that was found.</summary>
    public string? Description { get; set; }

    /// <summary>The number of tool definitions, including repeated ones.</summary>
    public int Tools { get; set; }

    /// <summary>The places of the definitions in the spool.</summary>
    public List<(long Start, long End)> Runs { get; } = [];
}
