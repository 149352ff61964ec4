using System.Collections.Immutable;

namespace Gateway.Mcp.Protocol;

/// <summary>The revisions of MCP that the gateway serves over Streamable HTTP.</summary>
public static class McpVersions
{
    /// <summary>The first revision in which every request stands alone.</summary>
    public const string FirstStateless = "2026-07-28";

    /// <summary>The oldest revision. Its streams cannot be resumed, and its version header is optional.</summary>
    public const string First = "2024-11-05";

    /// <summary>
    /// The revision assumed for a message without a version header, unless another source defines it.
    /// </summary>
    public const string Assumed = "2025-03-26";

    /// <summary>The only revision in which servers send URL-mode elicitation requests.</summary>
    public const string UrlElicitation = "2025-11-25";

    /// <summary>All supported revisions, newest first; listed under <c>supported</c> in an error.</summary>
    /// <remarks>
    /// 2024-11-05 here means its messages over Streamable HTTP. Its own transport (HTTP+SSE) is not offered to clients.
    /// </remarks>
    public static ImmutableArray<string> Supported { get; } =
        ["2026-07-28", "2025-11-25", "2025-06-18", Assumed, First];

    /// <summary>
    /// The newest revision that <c>initialize</c> can negotiate; the gateway requests it in place of an unknown one.
    /// </summary>
    public static string LatestHandshake => Handshakes[0];

    /// <summary>The revisions that <c>initialize</c> can negotiate, newest first.</summary>
    public static ImmutableArray<string> Handshakes { get; } =
        [.. Supported.Where(static version => RevisionOf(version) == McpRevision.Legacy)];

    /// <summary>Maximum length of a peer's revision that a message repeats, in characters. 64.</summary>
    public const int RepeatedCharsMax = 64;

    /// <summary>Returns true if the gateway supports this revision.</summary>
    public static bool IsSupported(string version) => Supported.Contains(version);

    /// <summary>Returns the shape of a revision. Revisions are dates, so they compare as text.</summary>
    public static McpRevision RevisionOf(string version) =>
        string.CompareOrdinal(version, FirstStateless) >= 0 ? McpRevision.Stateless : McpRevision.Legacy;
}
