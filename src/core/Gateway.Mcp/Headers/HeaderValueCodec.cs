using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Gateway.Mcp.Headers;

/// <summary>
/// Encodes a value of the body as a header mirrors it: plain visible ASCII, or <c>=?base64?…?=</c> around the base64 of
/// its UTF-8 (MCP 2026-07-28, Streamable HTTP, Value Encoding).
/// </summary>
public static class HeaderValueCodec
{
    private const string Prefix = "=?base64?";
    private const string Suffix = "?=";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x7F - 0x20).Select(i => (char)i), '\t']);

    /// <summary>Encodes a value so that <see cref="TryDecode"/> can decode it.</summary>
    public static string Encode(string value) =>
        value.AsSpan().ContainsAnyExcept(Plain) || value.Trim(' ', '\t') != value
        || value.StartsWith(Prefix, StringComparison.Ordinal)
            ? Prefix + Convert.ToBase64String(StrictUtf8.GetBytes(value)) + Suffix
            : value;

    /// <summary>Decodes a value; false if it has neither form.</summary>
    public static bool TryDecode(string header, out string value)
    {
        value = header.Trim(' ', '\t');
        if (value.AsSpan().ContainsAnyExcept(Plain))
            return false;
        if (!value.StartsWith(Prefix, StringComparison.Ordinal) || !value.EndsWith(Suffix, StringComparison.Ordinal)
            || value.Length < Prefix.Length + Suffix.Length)
            return true;

        return TryDecodeBase64(value.AsSpan(Prefix.Length, value.Length - Prefix.Length - Suffix.Length), out value);
    }

    private static bool TryDecodeBase64(ReadOnlySpan<char> encoded, out string value)
    {
        value = "";
        if (!Base64.IsValid(encoded, out var length) || encoded.ContainsAny(" \t"))
            return false;

        var bytes = new byte[length];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var written) || written != length)
            return false;
        try
        {
            value = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
