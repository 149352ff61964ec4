namespace Gateway.Catalogue.Importing;

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
