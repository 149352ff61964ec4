namespace Gateway.Faults.Checking;

/// <summary>The uses of one window of one counter.</summary>
internal sealed class WindowUse(string key, string counter, long startMs)
{
    public string Key => key;

    public string Counter => counter;

    public long StartMs => startMs;

    /// <summary>The end in the last of its records; that of a day may move later.</summary>
    public long EndMs { get; set; }

    public List<Use> Uses { get; } = [];

    /// <summary>The greatest maximum in a refusal; null if there was no refusal.</summary>
    public decimal? RefusedAt { get; set; }

    /// <summary>The units that reached the server and were not given back.</summary>
    public decimal Charged => Uses.Where(use => use is { Reached: not null, IsGivenBack: false })
        .Sum(use => use.Charge.Cost);

    /// <summary>The units that were given back for later calls.</summary>
    public decimal GivenBack => Uses.Where(use => use.IsGivenBack).Sum(use => use.Charge.Cost);

    public override string ToString() =>
        $"{counter} from {DateTimeOffset.FromUnixTimeMilliseconds(startMs):HH:mm:ss} for {(EndMs - startMs) / 1000} s";
}
