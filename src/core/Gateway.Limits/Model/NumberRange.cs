using System.Text;

namespace Gateway.Limits.Model;

/// <summary>
/// Numbers of a window, from <paramref name="Low"/> (inclusive) to <paramref name="High"/> (exclusive), in 10^-9 units.
/// </summary>
/// <param name="Low">The first number.</param>
/// <param name="High">One past the last number.</param>
public readonly record struct NumberRange(Int128 Low, Int128 High)
{
    /// <summary>
    /// The length of the longest text of an interval, in characters: two amounts, the comma and the brackets.
    /// </summary>
    public const int TextLengthMax = (2 * Amount.TextLengthMax) + 3;

    /// <summary>The number of numbers, in 10^-9 units.</summary>
    public Int128 Length => High - Low;

    /// <summary>Returns the interval in units, such as <c>[3,4)</c>.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[TextLengthMax];
        return Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Writes the interval in units in ASCII.</summary>
    /// <param name="text">
    /// The destination, at least <see cref="TextLengthMax"/> bytes; any of them may be changed.
    /// </param>
    /// <returns>The number of bytes written.</returns>
    public int Format(Span<byte> text)
    {
        text[0] = (byte)'[';
        var end = 1 + Amount.FromNano(Low).Format(text[1..]);
        text[end++] = (byte)',';
        end += Amount.FromNano(High).Format(text[end..]);
        text[end++] = (byte)')';
        return end;
    }
}
