namespace Gateway.Catalogue.Indexing;

/// <summary>A server in the index.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">Its description; null if it has none.</param>
/// <param name="Tools">The number of its known tools.</param>
/// <param name="Origin">Where the server comes from, and how clients reach it.</param>
public sealed record IndexedServer(string Name, string? Description, int Tools, ServerOrigin Origin);

/// <summary>Where a server comes from, and how clients reach it.</summary>
/// <param name="Package">Its package as <c>npm:NAME</c>, <c>pypi:NAME</c> or <c>oci:NAME</c>; null if unknown.</param>
/// <param name="Repository">Its repository as OWNER/NAME; null if unknown.</param>
/// <param name="Transport">Its transport.</param>
public sealed record ServerOrigin(string? Package, string? Repository, KnownTransport Transport)
{
    /// <summary>The origin of a server of which nothing is known.</summary>
    public static ServerOrigin Unknown { get; } = new(null, null, KnownTransport.Unknown);
}

/// <summary>The transport of a server. The numbers are stored in index files, so they never change.</summary>
public enum KnownTransport
{
    /// <summary>No source names it.</summary>
    Unknown = 0,
    /// <summary>A program that is started on the machine of its client.</summary>
    Stdio = 1,
    /// <summary>Streamable HTTP.</summary>
    Http = 2,
    /// <summary>HTTP+SSE, the transport of revision 2024-11-05.</summary>
    Sse = 3,
}
