using System.Globalization;
using System.Text;

namespace Gateway.Policy.Json;

/// <summary>
/// The texts of the numbers 0 to 99, shared so that an array of millions of them does not allocate millions of strings.
/// </summary>
internal static class ShortNumbers
{
    public const int LengthMax = 2;

    private static readonly string[] Texts =
        [.. Enumerable.Range(0, 100).Select(static number => number.ToString(CultureInfo.InvariantCulture))];

    /// <param name="digits">A JSON number, which has no leading zero.</param>
    public static string TextOf(ReadOnlySpan<byte> digits) => digits switch
    {
        [>= (byte)'0' and <= (byte)'9' and var one] => Texts[one - '0'],
        [>= (byte)'1' and <= (byte)'9' and var ten, >= (byte)'0' and <= (byte)'9' and var one] =>
            Texts[((ten - '0') * 10) + one - '0'],
        _ => Encoding.ASCII.GetString(digits),
    };
}
