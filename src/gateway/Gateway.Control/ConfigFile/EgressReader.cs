using System.Collections.Immutable;
using Gateway.Control.Definitions;
using Gateway.Control.Network;
using Gateway.Policy.Json;

namespace Gateway.Control.ConfigFile;

/// <summary>Checks how a server is reached: its proxy, its certificate files and its timeouts.</summary>
/// <param name="problem">Takes a JSON Pointer below the server, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; null where that failed and was reported.</param>
internal sealed class EgressReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    private const int SecondsMax = 24 * 60 * 60;

    public OutboundProxy? Proxy(ServerProxyConfig? written)
    {
        if (written is null || written == new ServerProxyConfig())
            return null;
        if (written.Url is null)
            return new(null, written.Resolves ?? false);
        if (expand("/proxy/url", written.Url) is not { } text)
            return null;
        // The address may hold a password, so the problem does not repeat it.
        if (OutboundProxy.TryRead(text, out var url))
            return new(url, written.Resolves ?? false);
        problem("/proxy/url", $"it is not the http address of a proxy; {OutboundProxy.Form}");
        return null;
    }

    public ServerTlsFiles? Tls(ServerTlsConfig? written, ImmutableArray<Uri> servers)
    {
        if (written is null || written == new ServerTlsConfig())
            return null;
        if (written.Key is not null && written.Cert is null)
            problem("/tls/key", "a key belongs to a certificate; write its file as \"cert\"");
        if (!servers.Any(static url => url.Scheme == Uri.UriSchemeHttps))
            problem("/tls", "certificates are used over https only; give the server an https address");
        var files = new ServerTlsFiles(
            File("ca", written.Ca), File("cert", written.Cert), File("key", written.Key));
        return ServerTls.Read(files, (member, why) => problem($"/tls/{member}", why)) is null ? null : files;
    }

    /// <summary>Checks the timeouts of a server, at an address or a program.</summary>
    public ServerTimeouts? Timeouts(ServerTimeoutsConfig? written)
    {
        if (written is null)
            return null;
        Check("/timeouts/callSeconds", written.CallSeconds);
        Check("/timeouts/maxSeconds", written.MaxSeconds);
        var longest = written.CallSeconds ?? 0;
        foreach (var (tool, seconds) in written.Tools ?? [])
        {
            Check($"/timeouts/tools/{JsonPointer.Escape(tool)}", seconds);
            longest = Math.Max(longest, seconds);
        }

        if (written.MaxSeconds < longest)
            problem("/timeouts/maxSeconds", $"{written.MaxSeconds} is less than the longest timeout, {longest}");
        return ServerTimeouts.FromSeconds(written.CallSeconds, written.MaxSeconds, written.Tools);
    }

    private void Check(string pointer, int? seconds)
    {
        if (seconds is < 1 or > SecondsMax)
            problem(pointer, $"{seconds} is not a number of seconds from 1 to {SecondsMax}");
    }

    private string? File(string member, string? written)
    {
        if (written is null || expand($"/tls/{member}", written) is not { } path)
            return null;
        if (Path.IsPathFullyQualified(path))
            return path;
        problem($"/tls/{member}", $"\"{path}\" is not an absolute path");
        return null;
    }
}
