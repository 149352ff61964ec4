using Gateway.Audit.Records;
using Gateway.Control.Telemetry;

namespace Gateway.Proxy.Telemetry;

/// <summary>What is counted under one label's value, by the outcome of the decision.</summary>
internal sealed class OutcomeSeries(string label)
{
    private static readonly string[] Names =
        ["allowed", .. Enum.GetValues<RefusalCategory>().Select(RefusalJson.Name)];

    private readonly MetricSeries?[] _series = new MetricSeries?[Names.Length];

    /// <summary>Every outcome; its name is another label's value.</summary>
    public static ReadOnlySpan<string> Outcomes => Names;

    /// <summary>The label's value.</summary>
    public string Label => label;

    /// <summary>Where the series of an outcome is kept.</summary>
    public ref MetricSeries? this[int outcome] => ref _series[outcome];

    /// <summary>The place of an outcome among them; null is a message that went on.</summary>
    public static int IndexOf(RefusalCategory? refusal) => refusal is { } category ? 1 + (int)category : 0;
}
