using System.Text.RegularExpressions;
using Gateway.Control.Snapshots;

namespace Gateway.Admin.Identity.OAuth.AuthorizationServer;

/// <summary>
/// Redirect URIs. They must match the registered text exactly, except for the port on loopback (RFC 8252, 7.3).
/// </summary>
internal static partial class RedirectUris
{
    private const int LengthMax = 2048;

    /// <summary>
    /// URIs of popular clients, which register them together with others: if one were refused, they could not sign in.
    /// </summary>
    private static readonly string[] WellKnown = ["cursor://anysphere.cursor-mcp/oauth/callback"];

    /// <summary>Returns the reason why a client cannot register the URI; null if it can.</summary>
    public static string? Problem(string uri, OAuthSettings settings)
    {
        if (uri.Length > LengthMax || uri.AsSpan().ContainsAnyExceptInRange('!', '~')
            || uri.AsSpan().ContainsAny("\\#"))
            return "is too long, or contains a fragment or an invalid character";
        if (WellKnown.Contains(uri) || settings.RedirectUris.Contains(uri) || Loopback().IsMatch(uri))
            return null;
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme != Uri.UriSchemeHttps
            || parsed.UserInfo.Length > 0 || parsed.Host.Length == 0
            || !uri.StartsWith("https://", StringComparison.Ordinal) || DotSegment().IsMatch(uri))
        {
            return "is neither https, nor http on loopback, nor listed by the gateway's operator";
        }

        return null;
    }

    /// <summary>Returns true if a client may have its code sent to the URI.</summary>
    public static bool Matches(IEnumerable<string> registered, string uri) =>
        registered.Contains(uri, StringComparer.Ordinal)
        || (Loopback().Match(uri) is { Success: true } asked && registered.Any(one =>
            Loopback().Match(one) is { Success: true } known
            && known.Groups["host"].Value == asked.Groups["host"].Value
            && known.Groups["rest"].Value == asked.Groups["rest"].Value));

    /// <summary>
    /// Returns true if a program on the person's own machine receives the code; any program there may impersonate it.
    /// </summary>
    public static bool IsOfMachine(string uri) => !uri.StartsWith("https://", StringComparison.Ordinal);

    [GeneratedRegex(@"\Ahttp://(?<host>localhost|127\.0\.0\.1|\[::1\])(?<port>:\d{1,5})?(?<rest>(?:[/?][^#\\]*)?)\z")]
    private static partial Regex Loopback();

    [GeneratedRegex(@"/(\.|%2e){1,2}(/|\?|\z)", RegexOptions.IgnoreCase)]
    private static partial Regex DotSegment();
}
