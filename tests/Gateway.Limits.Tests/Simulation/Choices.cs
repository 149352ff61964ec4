namespace Gateway.Limits.Tests.Simulation;

/// <summary>
/// Every choice of a schedule, in order: made by a seeded generator and written down, or replayed from what was written
/// down. A failing schedule shrinks by leaving choices out.
/// </summary>
internal sealed class Choices
{
    private readonly Random? _random;
    private readonly IReadOnlyList<int>? _replayed;
    private int _at;

    public Choices(int seed) => _random = new Random(seed);

    public Choices(IReadOnlyList<int> replayed) => _replayed = replayed;

    public List<int> Made { get; } = [];

    public bool IsExhausted => _replayed is not null && _at >= _replayed.Count;

    /// <summary>A number from 0 up to but without the bound; 0 once a replay has run out.</summary>
    public int Next(int bound)
    {
        var made = _random is not null ? _random.Next(bound)
            : _at < _replayed!.Count ? _replayed[_at] % bound
            : 0;
        _at++;
        Made.Add(made);
        return made;
    }

    public bool OneIn(int many) => Next(many) == many - 1;

    public T Of<T>(IReadOnlyList<T> list) => list[Next(list.Count)];
}
