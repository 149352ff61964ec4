using System.Security.Cryptography;
using System.Text;

namespace Gateway.Proxy.Aggregation.Names;

/// <summary>
/// The name of one server's tool or prompt at the address of several: <c>server__name</c>. It depends only on these
/// two, so later additions never rename it. A name that clients would not accept, or that could be read as another
/// server's, ends in a hash of both.
/// </summary>
internal static class ExposedName
{
    /// <summary>The maximum length that every known client accepts, of A-Z a-z 0-9 _ -.</summary>
    public const int LengthMax = 64;

    private const string Joint = "__";
    private const int HashDigits = 12;
    private const int ServerPartMax = 20;

    public static string Of(string server, string name)
    {
        var plain = server + Joint + name;
        var isClear = name.Length > 0 && plain.Length <= LengthMax && plain.All(IsTaken)
            // Otherwise "a" with "_b" and "a_" with "b" would have the same name.
            && !server.Contains(Joint, StringComparison.Ordinal) && !server.EndsWith('_')
            // Otherwise a server could choose a name that equals the hashed name of another server's tool.
            && !EndsInHash(plain);
        return isClear ? plain : Hashed(server, name);
    }

    /// <summary>
    /// Returns the name at a server of which an unlisted name may be; null for a name of another server. It may be
    /// wrong for a name with a hash.
    /// </summary>
    public static string? UnlistedAt(string server, string exposed) =>
        exposed.StartsWith(server + Joint, StringComparison.Ordinal) ? exposed[(server.Length + Joint.Length)..]
        : exposed.StartsWith(Cut(server, ServerPartMax) + Joint, StringComparison.Ordinal)
            ? exposed[(Cut(server, ServerPartMax).Length + Joint.Length)..] : null;

    private static string Hashed(string server, string name)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{server}\n{name}"));
        var hash = Convert.ToHexStringLower(digest)[..HashDigits];
        var first = Cut(server, ServerPartMax);
        return $"{first}{Joint}{Cut(name, LengthMax - first.Length - Joint.Length - 1 - HashDigits)}_{hash}";
    }

    private static string Cut(string text, int length) =>
        string.Concat(text.Take(length).Select(static c => IsTaken(c) ? c : '_'));

    private static bool EndsInHash(string name) =>
        name.Length > HashDigits && name[^(HashDigits + 1)] == '_'
        && name[^HashDigits..].All(char.IsAsciiHexDigitLower);

    private static bool IsTaken(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
