namespace Gateway.Catalogue.Importing;

/// <summary>A server as files told of it so far.</summary>
internal sealed class DumpServer(string name)
{
    public string Name => name;

    /// <summary>The first that was said of it.</summary>
    public string? Description { get; set; }

    /// <summary>How many definitions of tools there are, some perhaps of the same.</summary>
    public int Tools { get; set; }

    /// <summary>Where they are.</summary>
    public List<(long Start, long End)> Runs { get; } = [];
}
