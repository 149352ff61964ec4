namespace Gateway.Faults.Checking;

/// <summary>All that was seen of one window of one counter.</summary>
internal sealed class WindowUse(string key, string counter, long startMs)
{
    public string Key => key;

    public string Counter => counter;

    public long StartMs => startMs;

    /// <summary>As the last of its records says: that of a date may move on.</summary>
    public long EndMs { get; set; }

    public List<Use> Uses { get; } = [];

    /// <summary>The greatest maximum by which somebody was refused; null if nobody was.</summary>
    public decimal? RefusedAt { get; set; }

    /// <summary>Units that reached the server and were not given back.</summary>
    public decimal Charged => Uses.Where(use => use is { Reached: not null, IsGivenBack: false })
        .Sum(use => use.Charge.Cost);

    /// <summary>Units that were given back for whoever came next.</summary>
    public decimal GivenBack => Uses.Where(use => use.IsGivenBack).Sum(use => use.Charge.Cost);

    public override string ToString() =>
        $"{counter} from {DateTimeOffset.FromUnixTimeMilliseconds(startMs):HH:mm:ss} for {(EndMs - startMs) / 1000} s";
}
