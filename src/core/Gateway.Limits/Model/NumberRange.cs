namespace Gateway.Limits.Model;

/// <summary>
/// Numbers of a window, from <paramref name="Low"/> up to but without <paramref name="High"/>, in 10^-9 units.
/// </summary>
/// <param name="Low">The first number.</param>
/// <param name="High">One past the last number.</param>
public readonly record struct NumberRange(Int128 Low, Int128 High)
{
    /// <summary>How many numbers, in 10^-9 units.</summary>
    public Int128 Length => High - Low;

    /// <summary>The interval in units, such as <c>[3,4)</c>.</summary>
    public override string ToString() => $"[{Amount.FromNano(Low)},{Amount.FromNano(High)})";
}
