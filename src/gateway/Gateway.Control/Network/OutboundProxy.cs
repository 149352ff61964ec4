using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Gateway.Control.Network;

/// <summary>The HTTP proxy that an operator chose for outbound connections.</summary>
/// <param name="Url">
/// An http address. User information in it is the gateway's Basic credential for the proxy. Null for the proxy that the
/// environment names for the target, if any.
/// </param>
/// <param name="Resolves">
/// False: the gateway resolves the target, checks the address and sends that address in <c>CONNECT</c>. True: the proxy
/// receives the name, so the proxy, not the gateway, decides which addresses can be reached.
/// </param>
public sealed record OutboundProxy(Uri? Url, bool Resolves = false)
{
    /// <summary>The form of a proxy's address, for messages.</summary>
    public const string Form = "write an address such as http://proxy.example.com:3128";

    /// <summary>The proxy's address without its credential, for people.</summary>
    public string Shown => Url is null ? "" : $"http://{Url.Authority}";

    /// <summary>Reads the address of a proxy. It must be http, because a proxy only receives CONNECT.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out Uri? url) =>
        Uri.TryCreate(text, UriKind.Absolute, out url) && url is { Scheme: "http", PathAndQuery: "/", Fragment: "" }
        && url.Host.Length > 0;

    // The equality of Uri ignores user information, but a changed credential is a change.
    /// <inheritdoc/>
    public bool Equals(OutboundProxy? other) =>
        other is not null && Url?.AbsoluteUri == other.Url?.AbsoluteUri && Resolves == other.Resolves;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Url?.AbsoluteUri, Resolves);

    // The compiler's own implementation would show the credential to anything that prints the record.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(Shown);
        return true;
    }
}

/// <summary>
/// The proxies that the environment names: <c>HTTPS_PROXY</c> for https targets and <c>HTTP_PROXY</c> for http targets.
/// The targets in <c>NO_PROXY</c> are reached directly. Lower-case names count too and come first.
/// </summary>
public sealed class EnvironmentProxies
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly string[] _direct;

    private EnvironmentProxies(Uri? http, Uri? https, string[] direct) =>
        (_http, _https, _direct) = (http, https, direct);

    /// <summary>An environment without proxies.</summary>
    public static EnvironmentProxies None { get; } = new(null, null, []);

    /// <summary>Reads the environment.</summary>
    /// <exception cref="InvalidOperationException">
    /// A proxy's value cannot be used. Ignoring it would send traffic around the proxy that is meant to go through it.
    /// </exception>
    public static EnvironmentProxies Read(Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var direct = Value("NO_PROXY").Text;
        return new(
            Proxy("HTTP_PROXY"), Proxy("HTTPS_PROXY"),
            direct.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));

        (string Name, string Text) Value(string name)
        {
            var lower = name.ToLowerInvariant();
            return environment(lower) is { Length: > 0 } text ? (lower, text) : (name, environment(name) ?? "");
        }

        Uri? Proxy(string variable)
        {
            var (name, text) = Value(variable);
            if (text.Length == 0)
                return null;
            var full = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
            // The value may contain a password, so the message does not repeat it.
            return OutboundProxy.TryRead(full, out var url) ? url : throw new InvalidOperationException(
                $"{name} in the environment does not name a usable HTTP proxy; {OutboundProxy.Form}, or unset it.");
        }
    }

    /// <summary>Returns the proxy that the environment names for a target; null for none.</summary>
    public Uri? For(Uri target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var proxy = target.Scheme == Uri.UriSchemeHttps ? _https : _http;
        return proxy is null || _direct.Any(entry => Covers(entry, target)) ? null : proxy;
    }

    // Forms that curl, Go and Python accept: *, a name with or without a leading dot (it covers its subdomains), an
    // address, or a network; all but the network with an optional port.
    private static bool Covers(string entry, Uri target)
    {
        if (entry == "*")
            return true;
        var host = target.IdnHost.Trim('[', ']');
        if (IPNetwork.TryParse(entry, out var network))
            return IPAddress.TryParse(host, out var address) && network.Contains(GlobalAddress.Unwrap(address));
        var colon = entry.LastIndexOf(':');
        if (colon > 0 && (entry.IndexOf(':') == colon || entry[colon - 1] == ']'))
        {
            if (entry[(colon + 1)..] != target.Port.ToString(System.Globalization.CultureInfo.InvariantCulture))
                return false;
            entry = entry[..colon];
        }

        var name = entry.Trim('[', ']').TrimStart('*').TrimStart('.');
        return name.Length > 0 && (host.Equals(name, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase));
    }
}
