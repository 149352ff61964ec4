using System.Collections.Immutable;

namespace Gateway.Mcp.Protocol;

/// <summary>The revisions of MCP that the gateway serves over Streamable HTTP.</summary>
public static class McpVersions
{
    /// <summary>The first revision in which every request stands alone.</summary>
    public const string FirstStateless = "2026-07-28";

    /// <summary>The oldest revision. Its streams cannot be resumed, and its version header is optional.</summary>
    public const string First = "2024-11-05";

    /// <summary>The revision of a message without a version header, where nothing else says it.</summary>
    public const string Assumed = "2025-03-26";

    /// <summary>The one revision that has URL-mode elicitation as a request of the server's.</summary>
    public const string UrlElicitation = "2025-11-25";

    /// <summary>Newest first; listed under <c>supported</c> in an error.</summary>
    /// <remarks>
    /// 2024-11-05 stands for its messages over Streamable HTTP. Its own transport (HTTP+SSE) is not offered to clients.
    /// </remarks>
    public static ImmutableArray<string> Supported { get; } =
        ["2026-07-28", "2025-11-25", "2025-06-18", Assumed, First];

    /// <summary>
    /// The newest revision that <c>initialize</c> can agree on; the gateway requests it in place of an unknown one.
    /// </summary>
    public static string LatestHandshake => Handshakes[0];

    /// <summary>The revisions that <c>initialize</c> can agree on, newest first.</summary>
    public static ImmutableArray<string> Handshakes { get; } =
        [.. Supported.Where(static version => EraOf(version) == McpRevision.Legacy)];

    /// <summary>The longest part of a peer's revision that a message repeats, in characters. 64.</summary>
    public const int RepeatedCharsMax = 64;

    /// <summary>Whether the gateway serves this revision.</summary>
    public static bool IsSupported(string version) => Supported.Contains(version);

    /// <summary>The era of a revision; revisions are dates, so they compare as text.</summary>
    public static McpRevision EraOf(string version) =>
        string.CompareOrdinal(version, FirstStateless) >= 0 ? McpRevision.Stateless : McpRevision.Legacy;
}
