namespace Gateway.Policy.Json;

/// <summary>One of the four orders.</summary>
/// <param name="IsLess">True for less, false for greater.</param>
/// <param name="OrEqual">True if equality is included.</param>
internal readonly record struct Order(bool IsLess, bool OrEqual)
{
    public string Words => (IsLess, OrEqual) switch
    {
        (true, false) => "less than",
        (true, true) => "at most",
        (false, false) => "greater than",
        (false, true) => "at least",
    };

    /// <summary>Returns true if the order holds between two values with this comparison result.</summary>
    public bool Holds(int comparison) =>
        comparison == 0 ? OrEqual : comparison < 0 == IsLess;
}
