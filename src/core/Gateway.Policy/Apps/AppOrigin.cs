using System.Globalization;

namespace Gateway.Policy.Apps;

/// <summary>
/// A source of a content security policy: an origin such as <c>https://*.example.com:8443</c>, in lower case and
/// without the default port, or another text, which only equals itself.
/// </summary>
/// <param name="Text">The source as it is written.</param>
/// <param name="Scheme">The scheme; null if the text is not an origin.</param>
/// <param name="Host">The host, without <c>*.</c>.</param>
/// <param name="IsWildcard">True for all subdomains of the host, without the host itself.</param>
/// <param name="Port">The port; 0 for the default port.</param>
public sealed record AppOrigin(string Text, string? Scheme, string Host, bool IsWildcard, int Port)
{
    /// <summary>Every source that an app declares; only a policy may contain it.</summary>
    public const string Any = "*";

    /// <summary>The maximum length of a source, in characters.</summary>
    public const int LengthMax = 300;

    private const string Subdomains = "*.";

    /// <summary>Returns a source. Text that is not an origin stays as it is.</summary>
    public static AppOrigin Of(string text) => Parse(text) ?? new AppOrigin(text, null, "", false, 0);

    /// <summary>True for an origin, for <c>data:</c> and <c>blob:</c>, which address nobody, and for all.</summary>
    public bool IsPolicySource => Scheme is not null || Text is Any or "data:" or "blob:";

    /// <summary>
    /// Returns the source that both contain: the narrower one, or null if they have nothing in common.
    /// </summary>
    public AppOrigin? Meet(AppOrigin other)
    {
        if (Scheme is null || other.Scheme is null)
            return Text == other.Text ? this : null;
        return Covers(other) ? other : other.Covers(this) ? this : null;
    }

    private bool Covers(AppOrigin other) =>
        Scheme == other.Scheme && Port == other.Port
        && ((Host == other.Host && IsWildcard == other.IsWildcard)
            || (IsWildcard && other.Host.EndsWith("." + Host, StringComparison.Ordinal)));

    private static AppOrigin? Parse(string text)
    {
        if (text.Length > LengthMax || text.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var end))
            return null;
        var scheme = text[..end].ToLowerInvariant();
        if (DefaultPort(scheme) is not { } standard)
            return null;
        var authority = text[(end + 3)..].ToLowerInvariant();
        if (authority.EndsWith('/'))
            authority = authority[..^1];
        var port = standard;
        if (authority.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
        {
            if (!int.TryParse(authority[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                || port is 0 or > ushort.MaxValue)
                return null;
            authority = authority[..colon];
        }

        var isWildcard = authority.StartsWith(Subdomains, StringComparison.Ordinal);
        var host = isWildcard ? authority[Subdomains.Length..] : authority;
        if (!host.Split('.').All(IsLabel))
            return null;
        port = port == standard ? 0 : port;
        var suffix = port == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}");
        return new AppOrigin($"{scheme}://{authority}{suffix}", scheme, host, isWildcard, port);
    }

    // Anything else, such as a path or a semicolon, could mean something else in a content security policy.
    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= 63 && label.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static int? DefaultPort(string scheme) => scheme switch
    {
        "https" or "wss" => 443,
        "http" or "ws" => 80,
        _ => null,
    };
}
