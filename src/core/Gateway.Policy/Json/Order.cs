namespace Gateway.Policy.Json;

/// <summary>One of the four orders.</summary>
/// <param name="IsLess">Less rather than greater.</param>
/// <param name="OrEqual">Equal will do.</param>
internal readonly record struct Order(bool IsLess, bool OrEqual)
{
    public string Words => (IsLess, OrEqual) switch
    {
        (true, false) => "less than",
        (true, true) => "at most",
        (false, false) => "greater than",
        (false, true) => "at least",
    };

    /// <summary>Whether it holds between two things of which the first compares so with the second.</summary>
    public bool Holds(int comparison) =>
        comparison == 0 ? OrEqual : comparison < 0 == IsLess;
}
