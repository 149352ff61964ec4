using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// The scan of an app's HTML for its scripts and the external origins that it names. It shows a person the changes;
/// only the host's content security policy prevents a connection, because a script can compose any address.
/// </summary>
/// <param name="Scripts">The hashes of inline scripts, and the addresses of others.</param>
/// <param name="Origins">The external origins, in order.</param>
public sealed partial record AppPage(IReadOnlyList<string> Scripts, IReadOnlyList<string> Origins)
{
    /// <summary>The maximum number of scripts, and of origins; any further ones are omitted.</summary>
    public const int EntriesMax = 64;

    private const int HashDigits = 16;

    // Names in markup, not addresses of requests.
    private static readonly string[] Namespaces = ["http://www.w3.org"];

    /// <summary>Scans a page, in time linear in its length.</summary>
    public static AppPage Scan(string html)
    {
        var scripts = new List<string>();
        foreach (var element in Script().EnumerateMatches(html))
        {
            if (scripts.Count == EntriesMax)
                break;
            var open = html.AsSpan(element.Index, element.Length);
            var end = html.IndexOf("</script", element.Index + element.Length, StringComparison.OrdinalIgnoreCase);
            var source = Source().Match(open.ToString());
            scripts.Add(source.Success
                ? Cut(source.Groups[1].Value)
                : HashOf(html.AsSpan()[(element.Index + element.Length)..(end < 0 ? html.Length : end)]));
        }

        var origins = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var address in Address().EnumerateMatches(html))
        {
            if (origins.Count == EntriesMax)
                break;
            origins.Add(html.Substring(address.Index, address.Length).ToLowerInvariant());
        }

        return new AppPage(scripts, [.. origins.Except(Namespaces)]);
    }

    private static string HashOf(ReadOnlySpan<char> script) => "sha256-"
        + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(script.ToString())))[..HashDigits];

    private static string Cut(string text) => text.Length > 200 ? text[..200] : text;

    [GeneratedRegex("<script[^>]{0,2000}>", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Script();

    [GeneratedRegex("""\ssrc\s*=\s*["']?([^"'\s>]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Source();

    [GeneratedRegex("(?:https?|wss?)://[a-z0-9.*-]{1,253}(?::[0-9]{1,5})?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
