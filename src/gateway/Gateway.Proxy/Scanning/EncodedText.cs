using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Proxy.Scanning;

/// <summary>
/// Text that is encoded so that a scan for words does not find it. Decoded text is scanned in the same way; a harmless
/// example of base64 is not a finding.
/// </summary>
internal static class EncodedText
{
    private const int RunsMax = 64;
    private const int CharsMax = 64 * 1024;

    private static readonly Regex Base64 = new(
        "[A-Za-z0-9+/_-]{24,}={0,2}", RegexOptions.NonBacktracking);

    private static readonly Regex Hex = new(
        @"([0-9A-Fa-f]{2}){24,}|(\\x[0-9A-Fa-f]{2}){12,}", RegexOptions.NonBacktracking);

    private static readonly Regex Percent = new(
        "(%[0-9A-Fa-f]{2}){8,}", RegexOptions.NonBacktracking);

    // Letters need no encoding, so whoever encodes them hides them.
    private static readonly Regex Letters = new(
        "((%[2-7][0-9A-Fa-f])|(&#[0-9]{2,3};)|(&#x[2-7][0-9A-Fa-f];)|(\\\\u00[2-7][0-9A-Fa-f])){12,}",
        RegexOptions.NonBacktracking);

    /// <summary>Returns a description of the finding and true if it is hard; null if there is none.</summary>
    public static (string Reason, bool IsHard)? In(string text)
    {
        var runs = 0;
        foreach (Match match in Base64.Matches(text))
        {
            if (++runs > RunsMax)
                break;
            if (Decoded(match.Value) is { } decoded && InjectedText.InDecoded(decoded) is { } what)
                return ($"Decoded from base64: {what.What}", what.IsHard);
        }

        foreach (Match match in Hex.Matches(text))
        {
            if (++runs > 2 * RunsMax)
                break;
            var digits = match.Value.Replace("\\x", "", StringComparison.Ordinal);
            var bytes = Convert.FromHexString(digits[..(Math.Min(digits.Length, CharsMax) & ~1)]);
            if (InjectedText.InDecoded(Text(bytes)) is { } what)
                return ($"Decoded from hexadecimal digits: {what.What}", what.IsHard);
        }

        if (Percent.IsMatch(text) && text.Length <= CharsMax
            && InjectedText.In(Uri.UnescapeDataString(text)) is { } said && InjectedText.In(text) is null)
        {
            return ($"Decoded from percent-encoding: {said}", true);
        }

        return Letters.IsMatch(text) ? ("It has words whose letters are written as numbers.", false) : null;
    }

    private static string? Decoded(string run)
    {
        var plain = run.Replace('-', '+').Replace('_', '/').TrimEnd('=');
        plain = plain[..Math.Min(plain.Length, CharsMax)];
        plain = plain.Length % 4 == 1 ? plain[..^1] : plain;
        var bytes = new byte[plain.Length];
        return Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), bytes, out var count)
            ? Text(bytes[..count])
            : null;
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);
}
