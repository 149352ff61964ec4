namespace Gateway.Server.Tests.Interop;

/// <summary>How the official C# client is set up here.</summary>
internal static class OfficialOptions
{
    /// <summary>
    /// A client that speaks one revision, or any for null. It waits for the answer to its first question for as long as
    /// for all others: after 5 s, which a busy machine needs, it would take the server for one of an older revision.
    /// </summary>
    public static McpClientOptions Speaking(string? version, McpClientHandlers? handlers = null)
    {
        var options = new McpClientOptions
        {
            ProtocolVersion = version,
            InitializationTimeout = Soon.AtMost,
            DiscoverProbeTimeout = Timeout.InfiniteTimeSpan,
        };
        if (handlers is not null)
            options.Handlers = handlers;
        return options;
    }
}
