namespace Gateway.Policy.Conditions;

/// <summary>One step into the arguments: a key, an index, or every element of an array.</summary>
internal readonly record struct PathStep(string? Key, int Index)
{
    private const int EveryIndex = -1;

    public static PathStep Every => new(null, EveryIndex);

    public bool IsEvery => Key is null && Index == EveryIndex;

    public static PathStep ToKey(string key) => new(key, 0);

    public static PathStep ToIndex(int index) => new(null, index);
}
