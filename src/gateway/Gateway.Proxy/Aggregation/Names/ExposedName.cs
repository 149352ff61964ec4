using System.Security.Cryptography;
using System.Text;

namespace Gateway.Proxy.Aggregation.Names;

/// <summary>
/// How a tool or prompt of one server is called where several are served as one: <c>server__name</c>. It depends on the
/// two alone, so nothing that is added later renames it. A name that clients would not take, or that could be read as
/// another server's, ends in a hash of both.
/// </summary>
internal static class ExposedName
{
    /// <summary>What every known client takes: so many of A-Z a-z 0-9 _ -.</summary>
    public const int LengthMax = 64;

    private const string Joint = "__";
    private const int HashDigits = 12;
    private const int ServerPartMax = 20;

    public static string Of(string server, string name)
    {
        var plain = server + Joint + name;
        var isClear = name.Length > 0 && plain.Length <= LengthMax && plain.All(IsTaken)
            // Else "a" with "_b" and "a_" with "b" would be one.
            && !server.Contains(Joint, StringComparison.Ordinal) && !server.EndsWith('_')
            // Else a server could call its tool what another's is called here.
            && !EndsInHash(plain);
        return isClear ? plain : Hashed(server, name);
    }

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
