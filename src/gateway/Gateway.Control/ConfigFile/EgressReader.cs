using System.Collections.Immutable;
using Gateway.Control.Contracts;
using Gateway.Control.Definitions;
using Gateway.Control.Network;

namespace Gateway.Control.ConfigFile;

/// <summary>
/// A reader that checks the connection to a server: its proxy, its certificate files and its timeouts.
/// </summary>
/// <param name="problem">Receives a JSON Pointer below the server, and the problem there.</param>
/// <param name="expand">Replaces references at a pointer; returns null if that failed and was reported.</param>
internal sealed class EgressReader(Action<string, string> problem, Func<string, string, string?> expand)
{
    public OutboundProxy? Proxy(ServerProxySpec? written)
    {
        if (written is null || written == new ServerProxySpec())
            return null;
        if (written.Url is null)
            return new(null, written.Resolves ?? false);
        if (expand("/proxy/url", written.Url) is not { } text)
            return null;
        // The address may hold a password, so the problem does not repeat it.
        if (OutboundProxy.TryRead(text, out var url))
            return new(url, written.Resolves ?? false);
        problem("/proxy/url", $"this is not the http address of a proxy; {OutboundProxy.Form}");
        return null;
    }

    public ServerTlsFiles? Tls(ServerTlsFiles? written, ImmutableArray<Uri> servers)
    {
        if (written is null || written == new ServerTlsFiles())
            return null;
        if (written.Key is not null && written.Cert is null)
            problem("/tls/key", "a key needs a certificate; write the certificate's file as \"cert\"");
        if (!servers.Any(static url => url.Scheme == Uri.UriSchemeHttps))
            problem("/tls", "certificates are used over https only; give the server an https address");
        var files = new ServerTlsFiles
        {
            Ca = File("ca", written.Ca),
            Cert = File("cert", written.Cert),
            Key = File("key", written.Key),
        };
        return ServerTls.Read(files, (member, why) => problem($"/tls/{member}", why)) is null ? null : files;
    }

    /// <summary>Checks the timeouts of a server, which may be an address or a program.</summary>
    public ServerTimeouts? Timeouts(ServerTimeoutsSpec? written)
    {
        if (written is null || written == new ServerTimeoutsSpec())
            return null;
        var longest = (written.Tools ?? []).Values.Append(written.CallSeconds ?? 0).Max();
        if (written.MaxSeconds < longest)
            problem("/timeouts/maxSeconds",
                $"{written.MaxSeconds} s is less than the longest timeout; write at least {longest}");
        return ServerTimeouts.Of(written);
    }

    private string? File(string member, string? written)
    {
        if (written is null || expand($"/tls/{member}", written) is not { } path)
            return null;
        if (Path.IsPathFullyQualified(path))
            return path;
        problem($"/tls/{member}", $"\"{path}\" is not an absolute path; begin it with /");
        return null;
    }
}
