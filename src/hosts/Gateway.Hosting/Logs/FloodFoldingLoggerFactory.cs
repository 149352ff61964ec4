using System.Net;

namespace Gateway.Hosting.Logs;

/// <summary>
/// Folds the Critical entries that the web server writes about single connections: one with a stack trace for each
/// stream of a client that resets streams faster than the server can respond (CVE-2023-44487), and one for each
/// connection that is lost with open streams. A few connections would fill a log. Each address gets one warning a
/// minute with the number of entries in between; all other entries pass.
/// </summary>
/// <param name="inner">The factory of the host.</param>
/// <param name="peerOf">Returns the address of a connection, by its id; null if it is unknown.</param>
/// <param name="time">Measures the minute.</param>
internal sealed class FloodFoldingLoggerFactory(
    LoggerFactory inner, Func<string, IPAddress?> peerOf, TimeProvider time) : ILoggerFactory
{
    private const string Server = "Microsoft.AspNetCore.Server.Kestrel";
    private const string Http2 = $"{Server}.Http2";

    public ILogger CreateLogger(string categoryName) => categoryName is Server or Http2
        ? new FloodFoldingLogger(inner.CreateLogger(categoryName), peerOf, time)
        : inner.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}
